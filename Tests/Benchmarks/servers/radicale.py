"""Radicale with its own web server and its default storage, plain files in a folder."""

import subprocess

import cards
from servers.server import Server

# Beside the defaults: a login, and the cache that goes by a file's time and size, which is faster.
SETTINGS = """[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {state}/users
htpasswd_encryption = plain
[storage]
filesystem_folder = {state}/store
use_mtime_and_size_for_item_cache = True
"""


class Radicale(Server):
    name = "radicale"
    title = "Radicale"
    book = "/me/contacts/"

    def __init__(self, processes, environment):
        super().__init__(processes, environment)
        self.program = environment / "bin/radicale"

    def version(self):
        return subprocess.run([str(self.program), "--version"], capture_output=True,
                              text=True, check=True).stdout.strip()

    def prepare(self, state, count):
        folder = state / "store/collection-root/me/contacts"
        folder.mkdir(parents=True)
        (state / "users").write_text("me:secret\n")
        (folder / ".Radicale.props").write_text('{"tag": "VADDRESSBOOK"}')
        cards.write_folder(folder, count)

    def launch(self):
        settings = self.state / "radicale.conf"
        settings.write_text(SETTINGS.format(port=self.port, state=self.state))
        return {"server": self.processes.start([self.program, "--config", settings],
                                               self.state / "radicale.log")}

    def store(self):
        return self.state / "store"
