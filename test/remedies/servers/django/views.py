from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods


def guard(get_response):
    def answer(request):
        if request.path == "/private" and not request.COOKIES:
            return HttpResponse(status=401)
        return get_response(request)

    return answer


@require_http_methods(["GET", "PUT"])
def items(request):
    return JsonResponse([], safe=False, headers={"X-Total-Count": "2"})


urlpatterns = [path("items", csrf_exempt(items)), path("private", items)]
