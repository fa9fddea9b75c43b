# What comments are read as, an organisation's themes, and what people teach.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0004_index_dead_deliveries'),
    ]

    operations = [
        migrations.CreateModel(
            name='CommentReading',
            fields=[
                ('response', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='reading', serialize=False, to='store.response')),
                ('answered_at', models.DateTimeField()),
                ('local_day', models.DateField()),
                ('language', models.CharField(blank=True, max_length=2)),
                ('sentiment', models.FloatField()),
                ('label', models.CharField(choices=[('negative', 'Negative'), ('neutral', 'Neutral'), ('positive', 'Positive')], max_length=8)),
                ('probability', models.FloatField()),
                ('is_unsure', models.BooleanField()),
                ('is_corrected', models.BooleanField(default=False)),
                ('statements', models.JSONField(default=list)),
                ('evidence', models.JSONField(default=list)),
                ('lemmas', models.TextField(blank=True)),
                ('redacted', models.TextField()),
                ('shown', models.JSONField(default=dict)),
                ('personal', models.JSONField(default=list)),
                ('read_at', models.DateTimeField()),
                ('read_of', models.DateTimeField()),
                ('triaged_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-answered_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReadTheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('rule', 'By its words'), ('example', 'Learnt from examples'), ('person', 'Said by a member')], max_length=7)),
                ('probability', models.FloatField(null=True)),
                ('sentiment', models.FloatField()),
                ('label', models.CharField(choices=[('negative', 'Negative'), ('neutral', 'Neutral'), ('positive', 'Positive')], max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name='SentimentCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(choices=[('negative', 'Negative'), ('neutral', 'Neutral'), ('positive', 'Positive')], max_length=8)),
                ('before', models.CharField(choices=[('negative', 'Negative'), ('neutral', 'Neutral'), ('positive', 'Positive')], max_length=8)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SentimentFit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('calibrated', 'Bounds fitted to your scores'), ('retrained', 'Learnt from your scores')], max_length=10)),
                ('weights', models.BinaryField()),
                ('comments', models.PositiveIntegerField()),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('is_used', models.BooleanField(default=True)),
                ('fitted_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('names', models.JSONField(default=dict)),
                ('rules', models.JSONField(default=dict)),
                ('is_starting', models.BooleanField(default=False)),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('split_into', models.JSONField(default=list)),
                ('weights', models.BinaryField(null=True)),
                ('quality', models.JSONField(default=dict)),
                ('learnt_at', models.DateTimeField(null=True)),
                ('taught_at', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField(null=True)),
                ('applied_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-is_starting', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ThemeEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('begun', 'Begun'), ('renamed', 'Renamed'), ('ruled', 'Its words were changed'), ('merged', 'Another theme was merged into it'), ('merged_into', 'Merged into another theme'), ('split', 'Split'), ('retired', 'Taken out of use'), ('restored', 'Taken into use again'), ('learnt', 'Learnt from examples')], max_length=12)),
                ('at', models.DateTimeField()),
                ('data', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ThemeExample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_positive', models.BooleanField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='triagerule',
            name='sentiment',
            field=models.CharField(blank=True, choices=[('negative', 'Negative'), ('positive', 'Positive')], max_length=8, verbose_name='sentiment'),
        ),
        migrations.AddField(
            model_name='commentreading',
            name='organisation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='store.organisation'),
        ),
        migrations.AddField(
            model_name='commentreading',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.unit'),
        ),
        migrations.AddField(
            model_name='readtheme',
            name='reading',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='read_themes', to='store.commentreading'),
        ),
        migrations.AddField(
            model_name='sentimentcorrection',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sentimentcorrection',
            name='response',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sentiment_correction', to='store.response'),
        ),
        migrations.AddField(
            model_name='sentimentfit',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sentiment_fits', to='store.organisation'),
        ),
        migrations.AddField(
            model_name='theme',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='store.theme'),
        ),
        migrations.AddField(
            model_name='theme',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='themes', to='store.organisation'),
        ),
        migrations.AddField(
            model_name='readtheme',
            name='theme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='read_themes', to='store.theme'),
        ),
        migrations.AddField(
            model_name='triagerule',
            name='theme',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='triage_rules', to='store.theme'),
        ),
        migrations.AddConstraint(
            model_name='triagerule',
            constraint=models.CheckConstraint(condition=models.Q(('sentiment__in', ['', 'negative', 'positive'])), name='triage_rule_sentiment_known'),
        ),
        migrations.AddField(
            model_name='themeevent',
            name='member',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='themeevent',
            name='theme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='store.theme'),
        ),
        migrations.AddField(
            model_name='themeexample',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='themeexample',
            name='response',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='theme_examples', to='store.response'),
        ),
        migrations.AddField(
            model_name='themeexample',
            name='theme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='examples', to='store.theme'),
        ),
        migrations.AddIndex(
            model_name='commentreading',
            index=models.Index(models.F('unit'), models.F('answered_at'), name='reading_by_unit'),
        ),
        migrations.AddIndex(
            model_name='commentreading',
            index=models.Index(models.F('organisation'), models.F('local_day'), name='reading_by_day'),
        ),
        migrations.AddIndex(
            model_name='commentreading',
            index=models.Index(models.F('read_at'), condition=models.Q(('triaged_at', None)), name='reading_untriaged'),
        ),
        migrations.AddConstraint(
            model_name='commentreading',
            constraint=models.CheckConstraint(condition=models.Q(('label__in', ['negative', 'neutral', 'positive'])), name='reading_label_known'),
        ),
        migrations.AddConstraint(
            model_name='theme',
            constraint=models.UniqueConstraint(models.F('organisation'), models.F('code'), name='theme_code_unique'),
        ),
        migrations.AddConstraint(
            model_name='theme',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', None), ('is_active', False), _connector='OR'), name='theme_merged_is_not_used'),
        ),
        migrations.AddConstraint(
            model_name='readtheme',
            constraint=models.UniqueConstraint(models.F('reading'), models.F('theme'), name='read_theme_once'),
        ),
        migrations.AddConstraint(
            model_name='themeexample',
            constraint=models.UniqueConstraint(models.F('theme'), models.F('response'), name='theme_example_one_per_comment'),
        ),
    ]
