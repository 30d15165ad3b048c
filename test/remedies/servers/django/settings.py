SECRET_KEY = "not a secret"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "views"
INSTALLED_APPS = []
MIDDLEWARE = [
    "views.guard",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
# REMEDY
