"""The accounts app: users, parties, roles."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Nothing to register: accounts stands below the machinery that shows it."""

    name = "apps.accounts"
