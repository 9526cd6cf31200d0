"""Settings of the tests: a throw-away cluster, an in-process queue, quick password hashes."""

from rmrcpm.settings import *  # noqa: F403  (the test settings are the settings, less a few)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
REST_FRAMEWORK = REST_FRAMEWORK | {  # noqa: F405
    "DEFAULT_THROTTLE_RATES": {"anon": "99999/s", "user": "99999/s", "calculators": "99999/s"}
}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
CELERY_RESULT_BACKEND = "cache+memory://"
METRICS_FOLDER = None
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
