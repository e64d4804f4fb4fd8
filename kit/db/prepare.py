"""From an empty Postgres to the newest schema."""

from __future__ import annotations

from sqlalchemy import make_url

from kit.db.migrate import migrate
from kit.db.roles import APP, OWNER, SYSTEM, create_roles
from kit.settings import Database, SettingsError


async def prepare(settings: Database) -> None:
    """Create the three roles when a superuser's URL is given, then migrate as the owner; repeats are harmless."""
    await make_roles(settings)
    await migrate(settings.owner_url)


async def make_roles(settings: Database) -> None:
    """Create the three roles, or update their passwords, when a superuser's URL is given."""
    if not settings.owner_url:
        raise SettingsError("settings: VERNIS_DATABASE__OWNER_URL is needed to migrate")
    if settings.admin_url:
        urls = {OWNER: settings.owner_url, APP: settings.url, SYSTEM: settings.system_url}
        await create_roles(settings.admin_url, {role: make_url(url).password for role, url in urls.items()})
