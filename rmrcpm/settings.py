"""Settings of the project. What differs by site comes from the environment (docs/deploy.md)."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from psycopg.conninfo import make_conninfo

from rmrcpm import env, exposure, logs, messages, stops
from rmrcpm.database import NAME, ROLE, postgres_programs, socket_folder
from rmrcpm.schedule import BEAT_SCHEDULE

BASE_DIR = env.BASE
HOME = env.home()
SECRET_KEY = env.secret_key()
exposure.refuse_short_key(SECRET_KEY)
CLOCK_STARTS, CLOCK_FILE = exposure.clock_starts(), env.clock_file()  # of a simulated clock
REACHED_BY = exposure.reached_by()  # the setting by which others reach the site, if any
DEMO_PASSWORD = env.text("RMRCPM_DEMO_PASSWORD", "walk-the-line-2024")
DEBUG = env.flag("RMRCPM_DEBUG")
HTTPS = env.flag("RMRCPM_HTTPS")
PREFIX = env.prefix()
FORCE_SCRIPT_NAME = PREFIX or None
ALLOWED_HOSTS = env.text("RMRCPM_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_FAILURE_VIEW = "apps.site.home.views.refusals.form_too_old"
CSRF_TRUSTED_ORIGINS = [o for o in env.text("RMRCPM_ORIGINS").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "csp",
    "pgtrigger",
    "rmrcpm.triggers.IndexedTriggers",
    "pghistory",
    "drf_spectacular",
    "django_celery_results",
    "django_celery_beat",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "apps.platform.accounts",
    "apps.platform.ui",
    "apps.platform.audit",
    "apps.platform.clock",
    "apps.platform.notifications",
    "apps.platform.jobs",
    "apps.platform.documents",
    "apps.platform.sign_in",
    "apps.platform.uploads",
    "apps.platform.parameters",
    "apps.platform.runs",
    "apps.reference.resources",
    "apps.reference.market",
    "apps.reliability.retirements",
    "apps.reliability.designations",
    "apps.reference.outages",
    "apps.reference.masterfile",
    "apps.reliability.verification",
    "apps.bidding.costs",
    "apps.bidding.bids",
    "apps.adequacy.plans",
    "apps.adequacy.credits",
    "apps.adequacy.cpm",
    "apps.adequacy.substitutions",
    "apps.adequacy.availability",
    "apps.bidding.market_payloads",
    "apps.settlement.settlements",
    "apps.settlement.statements",
    "apps.settlement.disputes",
    "apps.settlement.what_if",
    "apps.settlement.cost_recovery",
    "apps.settlement.clearing",
    "apps.site.requirements",
    "apps.site.calculators",
    "apps.site.guide",
    "apps.site.home",
    "apps.site.operations",
    "rmrcpm",  # the last: it seals the registries
]

# triggers come after migrating, with row-level security: accounts.services.install_guards
PGTRIGGER_MIGRATIONS = False

MIDDLEWARE = [
    "apps.site.operations.middleware.RequestLine",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "apps.platform.ui.middleware.VisibleSigns",
    "apps.platform.ui.methods.Methods",
    "django.middleware.csrf.CsrfViewMiddleware",
    "apps.platform.ui.middleware.NoNul",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "apps.platform.sign_in.middleware.Headers",
    "apps.platform.ui.middleware.ApiConditional",
    "apps.platform.sign_in.middleware.IdleSession",
    "apps.platform.sign_in.middleware.HeaderSignIn",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "apps.platform.accounts.middleware.RowSecurity",
    "apps.platform.sign_in.middleware.Idempotency",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.platform.uploads.middleware.BodyLimit",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "rmrcpm.urls"
WSGI_APPLICATION = "rmrcpm.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted(d for d in (BASE_DIR / "templates").iterdir() if d.is_dir()),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.platform.ui.views.page_frame",
            ],
        },
    }
]

PGDATA = Path(env.text("RMRCPM_PGDATA", str(HOME / "postgres")))
PGHOST = str(socket_folder(PGDATA))
DATABASES = {
    "default": dj_database_url.config(conn_max_age=600)
    if os.environ.get("DATABASE_URL")
    else {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": NAME,
        "USER": ROLE,
        "HOST": PGHOST,
        "CONN_MAX_AGE": 600,
    }
}
DATABASES_ARE_OURS = not os.environ.get("DATABASE_URL")  # in the home, served by the launcher
# what the sign-in library counts and remembers holds for all processes together
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "sign_in_sharedvalue",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
POSTGRES_PROGRAMS = str(postgres_programs() or "")
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# seconds; a server that does not answer is told, not waited for
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 10)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"django.contrib.auth.password_validation.{name}",
        "OPTIONS": {"min_length": 12} if name == "MinimumLengthValidator" else {},
    }
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AXES_FAILURE_LIMIT = int(env.text("RMRCPM_SIGN_IN_TRIES", "5"))
AXES_COOLOFF_TIME = timedelta(minutes=int(env.text("RMRCPM_LOCK_OUT_MINUTES", "15")))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "apps.platform.sign_in.adapters.name_tried"
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "apps.platform.sign_in.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "apps.platform.sign_in.adapters.client_address"
AXES_VERBOSE = False
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
ACCOUNT_ADAPTER = "apps.platform.sign_in.adapters.SignIn"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
# wrong passwords are counted by axes, by name and place; wrong second factors by person, here
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": f"{AXES_FAILURE_LIMIT}/{int(AXES_COOLOFF_TIME.total_seconds())}s/key",
    # whoever finds a session open guesses no more passwords than at the door
    "change_password": f"{AXES_FAILURE_LIMIT}/{int(AXES_COOLOFF_TIME.total_seconds())}s/user",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_SESSION_REMEMBER = False
SOCIALACCOUNT_ADAPTER = "apps.platform.sign_in.adapters.SingleSignOn"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = env.single_sign_on()
MFA_ADAPTER = "apps.platform.sign_in.adapters.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "rmrcpm"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
EMAIL_CONFIG = env.mail()
EMAIL_BACKEND = EMAIL_CONFIG["backend"]
EMAIL_FILE_PATH = HOME / "mail"  # where no mail server is named
EMAIL_HOST, EMAIL_PORT = EMAIL_CONFIG["host"], int(EMAIL_CONFIG["port"])
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL_CONFIG["user"], EMAIL_CONFIG["password"]
EMAIL_USE_TLS = EMAIL_CONFIG["tls"] == "1"
EMAIL_TIMEOUT = 15  # seconds; whoever sends a link waits for the mail server's answer
SITE_ADDRESS = env.text("RMRCPM_ADDRESS", "http://localhost:8000")  # in mails
DEFAULT_FROM_EMAIL = env.text("RMRCPM_MAIL_FROM", "rmrcpm@localhost")

LANGUAGE_CODE = "en-us"
TIME_ZONE = "America/Los_Angeles"
USE_I18N = False
USE_TZ = True

STATIC_URL = f"{PREFIX}/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("docs", BASE_DIR / "docs" / "pictures")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
# figures of the running system: who may read them as metrics, and from where on one is an alarm
METRICS_TOKEN = env.metrics_token()
METRICS_FOLDER: Path | None = HOME / "metrics"
ALARM_DISK_PERCENT = int(env.text("RMRCPM_ALARM_DISK_PERCENT", "10"))
ALARM_CONNECTIONS_PERCENT = int(env.text("RMRCPM_ALARM_CONNECTIONS_PERCENT", "80"))
ALARM_BACKUP_HOURS = int(env.text("RMRCPM_ALARM_BACKUP_HOURS", "26"))
# where the Master File comes from: a watched folder, or an address with {day} in it
MASTERFILE_SOURCE = env.text("RMRCPM_MASTERFILE", str(HOME / "masterfile"))
# which programs have stopped by themselves, and when: written by the launcher or systemd
STOPPED_PROGRAMS = stops.place(HOME)
# where market payloads go: a folder, or an address that takes PUT, with {name} in it
MARKET_DESTINATION = env.text("RMRCPM_MARKET", str(HOME / "market"))
UPLOAD_MAX_BYTES = int(env.text("RMRCPM_UPLOAD_MAX_BYTES", str(64 * 1024 * 1024)))
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = ["^" + f"{PREFIX}/{path}"[1:] for path in ("health/", "metrics$")]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("RMRCPM_BEHIND_PROXY") else None
)
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = PREFIX or "/"
if PREFIX:  # a message in a cookie of its own would go to the whole host
    MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = int(env.text("RMRCPM_SESSION_IDLE_MINUTES", "60")) * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.platform.sign_in.adapters.HeaderAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "apps.platform.sign_in.adapters.WithinScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "apps.platform.ui.json_bodies.BoundedJson",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "apps.platform.ui.schema.ApiSchema",
    "EXCEPTION_HANDLER": "apps.platform.ui.api.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "NUM_PROXIES": 1 if env.flag("RMRCPM_BEHIND_PROXY") else 0,
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.text("RMRCPM_PUBLIC_RATE", "300/min"),
        "user": env.text("RMRCPM_API_RATE", "3000/min"),
        "calculators": env.text("RMRCPM_CALCULATOR_RATE", "6000/min"),
    },
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "ENUM_NAME_OVERRIDES": {
        "CreditKindEnum": "apps.adequacy.credits.codes.KIND_CHOICES",
        "SolicitationEnum": "apps.adequacy.cpm.codes.SOLICITATION_CHOICES",
    },
    "TITLE": "rmrcpm",
    "DESCRIPTION": "Reliability must-run and capacity procurement: designations, credits, "
    "settlement and statements.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVERS": [{"url": PREFIX}] if PREFIX else [],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.platform.ui.schema.add_problem",
    ],
    "COMPONENT_SPLIT_REQUEST": True,
}

DATABASE_DSN = make_conninfo(  # which quotes what has to be, such as a password with a blank
    **{
        name: str(DATABASES["default"].get(key) or "")
        for name, key in (
            ("host", "HOST"),
            ("port", "PORT"),
            ("user", "USER"),
            ("password", "PASSWORD"),
            ("dbname", "NAME"),
        )
        if DATABASES["default"].get(key)
    }
)
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", "pgmq://rmrcpm@localhost/rmrcpm")
if CELERY_BROKER_URL.startswith("pgmq"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "conn_string": messages.queue_address(DATABASE_DSN),
        "init_extension": False,
        "visibility_timeout": 3600,
        "wait_time_seconds": 0,
        "polling_interval": 0.05,
        "pool_size": 4,
    }
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlives a queue that is away for long
CELERY_RESULT_BACKEND = "django-db"
CELERY_TASK_DEFAULT_QUEUE = "calc"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TRACK_STARTED = True
CELERY_RESULT_EXTENDED = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
JOB_WAITS_MINUTES = env.job_waits()  # by kind of job; "" for every other
CELERY_BEAT_SYNC_EVERY = 1  # so that the schedule page tells when a task was last handed out
CELERY_BEAT_SCHEDULER = "rmrcpm.beat:SiteScheduler"
CELERY_BEAT_SCHEDULE: dict[str, object] = {}  # it is in the database; prepare adds to it
SCHEDULE_TABLE = BEAT_SCHEDULE
CELERY_TASK_ALWAYS_EAGER = False

DJANGO_TABLES2_TEMPLATE = "ui/_table.html"
LOGGING = logs.configuration(
    level=env.text("RMRCPM_LOG_LEVEL", "WARNING"),
    as_json=env.flag("RMRCPM_LOG_JSON"),
    secrets=(
        SECRET_KEY,
        str(DATABASES["default"].get("PASSWORD") or ""),
        EMAIL_HOST_PASSWORD,
        *(
            app["secret"]
            for app in SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", ())
        ),
        METRICS_TOKEN,
    ),
)
