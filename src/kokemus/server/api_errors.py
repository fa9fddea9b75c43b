"""Under /api/, what Django or Ninja would answer as a page is answered as the API's errors are."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

Respond = Callable[[HttpRequest], HttpResponse]
STATUS_MIN = 400
ABOUT_THE_BODY = {"Content-Type", "Content-Length", "Content-Language", "Content-Encoding"}
# Code and sentence by status; any other status is `refused`.
WORDS = {
    404: ("unknown_path", "There is nothing at this path. Every operation is at /api/docs."),
    405: ("wrong_method", "This path does not take this method; the header Allow says which."),
    500: ("fault", "Something went wrong here. Send it again in a moment."),
}
REFUSED = ("refused", "The request cannot be taken.")


class ApiErrorsMiddleware:
    """Outermost, so that it sees every answer."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        is_ours = request.path.startswith("/api/") and answer.status_code >= STATUS_MIN
        if not is_ours or answer.headers.get("Content-Type", "").startswith("application/json"):
            return answer
        return _as_json(answer)


def _as_json(answer: HttpResponse) -> JsonResponse:
    code, message = WORDS.get(answer.status_code, REFUSED)
    body = {"error": {"code": code, "message": message, "errors": []}}
    plain = JsonResponse(body, status=answer.status_code)
    for name, value in answer.headers.items():
        if name not in ABOUT_THE_BODY:
            plain.headers[name] = value
    plain._has_been_logged = True  # type: ignore[attr-defined]  # the first answer has been
    return plain
