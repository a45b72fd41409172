"""Xandikos with its own web server and its default storage, a git repository with its files."""

import os
import subprocess

import cards
from servers.server import Server

# A name for the commits; nothing from the user's own git settings.
GIT = {
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_AUTHOR_NAME": "bench", "GIT_AUTHOR_EMAIL": "bench@localhost",
    "GIT_COMMITTER_NAME": "bench", "GIT_COMMITTER_EMAIL": "bench@localhost",
}


class Xandikos(Server):
    name = "xandikos"
    title = "Xandikos"
    book = "/user/contacts/addressbook/"
    # It refuses passwords over plain HTTP, and leaves the login to a proxy.
    has_login = False

    def __init__(self, processes, environment):
        super().__init__(processes, environment)
        self.program = environment / "bin/xandikos"

    def version(self):
        return subprocess.run([str(self.program), "--version"], capture_output=True,
                              text=True, check=True).stdout.split()[-1]

    def prepare(self, state, count):
        """Lets the server make its folders, then adds the cards in one commit."""
        state.mkdir(parents=True)
        self.use(state)
        self.start()
        self.stop()
        folder = state / ("store" + self.book)
        cards.write_folder(folder, count)
        if count:
            for arguments in (["add", "--all"], ["commit", "--quiet", "--message", "Cards"]):
                subprocess.run(["git", "-C", str(folder), "-c", "gc.auto=0", *arguments],
                               check=True, env={**os.environ, **GIT})

    def launch(self):
        return {"server": self.processes.start(
            [self.program, "serve", "--directory", self.state / "store", "--defaults",
             "--listen-address", "127.0.0.1", "--port", self.port,
             "--state-dir", self.state / "own", "--no-detect-systemd"],
            self.state / "xandikos.log", GIT)}

    def store(self):
        return self.state / "store"
