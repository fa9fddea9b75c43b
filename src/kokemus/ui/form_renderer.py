"""How forms look: one field after another, each with its label, help and errors in words."""

from django.forms.renderers import DjangoTemplates


class KokemusRenderer(DjangoTemplates):
    """The project's FORM_RENDERER: `{{ form }}` and `{{ form.name.as_field_group }}` are ours."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
