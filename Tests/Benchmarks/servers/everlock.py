"""Everlock Contacts: the gateway and one backend, as Services/run starts them."""

import subprocess

import cards
from servers.server import Server

SETTINGS = """enabled = true

[instances.default]
store = "everlock-contacts"
vhosts = ["*"]
"""

# One user asks for more than any device does.
GATEWAY = """[rates]
queries = 0
concurrent = 0
"""


class Everlock(Server):
    name = "everlock"
    title = "Everlock"
    book = "/dav/addressbooks/default/"

    def __init__(self, processes, programs):
        super().__init__(processes, programs)
        self.programs = programs

    def version(self):
        top = self.programs.parent
        described = subprocess.run(
            ["git", "-C", str(top), "describe", "--always", "--dirty"],
            capture_output=True, text=True)
        return described.stdout.strip() or "(this working copy)"

    def prepare(self, state, count):
        (state / "run").mkdir(parents=True)
        (state / "contacts.toml").write_text(SETTINGS)
        (state / "gateway.toml").write_text(GATEWAY)
        self.use(state)
        self.control("user", "add", "me", "--instance", "default", "--password-stdin",
                     text="secret\n")
        self.control("book", "add", "default", "default")
        if count:
            self.import_cards(count)

    def import_cards(self, count):
        """Imports cards with our own command."""
        source = self.state / "cards.vcf"
        cards.write_all(source, count)
        self.control("import", "default", "default", str(source))
        source.unlink()

    def control(self, *arguments, text=""):
        subprocess.run(self.control_line(*arguments), input=text, text=True, check=True,
                       capture_output=True)

    def control_line(self, *arguments):
        return [str(self.programs / "contactsctl"), *arguments,
                "--config", str(self.state), "--state", str(self.state)]

    def launch(self):
        return {"backend": self.start_backend(), "gateway": self.start_gateway()}

    def start_backend(self):
        return self.processes.start(
            [self.programs / "contacts-backend", "--config", self.state, "--state", self.state,
             "--runtime", self.state / "run", "default"], self.state / "backend.log")

    def start_gateway(self):
        return self.processes.start(
            [self.programs / "frontend-http", "--config", self.state,
             "--runtime", self.state / "run", "--listen", f"127.0.0.1:{self.port}"],
            self.state / "gateway.log")

    def before_cold(self):
        """The gateway is up and has checked the password once; only the backend is cold."""
        self.start()
        self.running.pop("backend").stop()

    def exec_cold(self):
        self.running["backend"] = self.start_backend()

    def store(self):
        return self.state / "everlock-contacts"
