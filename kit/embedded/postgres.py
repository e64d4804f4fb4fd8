"""PostgreSQL 18 with pgvector: made once, started on a unix socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

from kit.embedded.child import Launcher, tail
from kit.embedded.engine import Engine
from kit.embedded.folders import EngineFailed, Folders

SUPERUSER, DATABASE, PORT = "vernis_admin", "vernis", 5432
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": PORT,
    "max_connections": 200,
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "io_method": "sync",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_FIRST_WORDS = rf"""
SET client_min_messages = warning;
SELECT 'CREATE DATABASE {DATABASE}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \gexec
\connect {DATABASE}
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS vector;
"""


class Postgres(Engine):
    """The server and its cluster; trust needs no password because only we can open the socket's folder."""

    name = "postgres"

    def __init__(self, folders: Folders, launcher: Launcher, programs: Path) -> None:
        super().__init__(folders, launcher)
        self.programs = programs
        self.cluster = folders.postgres

    def launch(self) -> subprocess.Popen[bytes]:
        if not self.cluster.exists():
            self._make_cluster()
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)  # ours or nobody's: we hold the lock
        settings = {**_SETTINGS, "unix_socket_directories": self.folders.sockets}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        # SIGQUIT ends the backends too; the next start recovers
        return self.launcher.start(
            [self.programs / "postgres", "-D", self.cluster, *options], self.log, signal.SIGQUIT
        )

    def serves(self) -> bool:
        """Read from the eighth line of postmaster.pid, as pg_ctl does."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        assert self.process is not None
        return len(lines) >= 8 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"

    def settle(self) -> None:
        where = ["-h", str(self.folders.sockets), "-p", str(PORT), "-U", SUPERUSER, "-d", "postgres"]
        done = subprocess.run(
            [str(self.programs / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", *where],
            input=_FIRST_WORDS,
            capture_output=True,
            text=True,
            env={"LC_ALL": "C", "PATH": os.defpath},
            check=False,
        )
        if done.returncode != 0:
            raise EngineFailed(f"the database could not be made: {done.stderr.strip()}")

    def ask_to_stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)  # "fast": end sessions, checkpoint, leave

    def _make_cluster(self) -> None:
        """initdb beside the place, then rename, so that a half-made cluster is never taken for one."""
        partial = self.cluster.with_name("postgres.new")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        maker = None
        if self.folders.uid is not None:
            maker = pwd.getpwnam("nobody").pw_uid  # initdb wants a uid with a name, ours has none
            os.chown(partial, maker, maker)
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        who = [f"--username={SUPERUSER}", "--auth=trust", "--no-instructions"]
        command: list[str | Path] = [self.programs / "initdb", "-D", partial, *who, *locale]
        if self.launcher.start(command, self.log, signal.SIGKILL, uid=maker).wait() != 0:
            raise EngineFailed(f"initdb failed:\n{tail(self.log)}")
        if self.folders.uid is not None:
            for path in (partial, *partial.rglob("*")):
                os.chown(path, self.folders.uid, self.folders.uid, follow_symlinks=False)
        partial.rename(self.cluster)
