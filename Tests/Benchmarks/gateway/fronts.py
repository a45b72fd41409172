"""What stands in front of the responder: nothing, nginx in several ways, and our gateway."""

import base64
import hashlib
import os
import subprocess
import time

from servers.server import Server

CREDENTIALS = "Basic " + base64.b64encode(b"me:secret").decode()

NGINX = """daemon off;
worker_processes {workers};
pid {state}/pid;
error_log {state}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log {log};
    keepalive_requests 1000000000;
    client_body_temp_path {state}/body;
    proxy_temp_path {state}/proxy;
    fastcgi_temp_path {state}/fastcgi;
    uwsgi_temp_path {state}/uwsgi;
    scgi_temp_path {state}/scgi;
    upstream responder {{
        server unix:{socket};
        keepalive 64;
        keepalive_requests 1000000000;
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            {auth}
            proxy_pass http://responder;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Authorization "";
            proxy_set_header X-Request-ID $request_id;
            add_header X-Request-ID $request_id always;
            add_header X-Content-Type-Options nosniff always;
            add_header Referrer-Policy no-referrer always;
            add_header Cross-Origin-Resource-Policy same-origin always;
            add_header Content-Security-Policy
                "default-src 'none'; frame-ancestors 'none'; sandbox" always;
            add_header Cache-Control "private, no-cache" always;
        }}
    }}
}}
"""
SETTINGS = """enabled = true
[instances.default]
vhosts = ["*"]
"""
GATEWAY = """[rates]
queries = 0
concurrent = 0
[log]
requests = "{log}"
"""


def apr1(password):
    return subprocess.run(["openssl", "passwd", "-apr1", password], capture_output=True,
                          text=True, check=True).stdout.strip()


# How nginx keeps the password; it works the hash out for each request.
HASHES = {
    "plain": lambda password: "{PLAIN}" + password,
    "sha1": lambda password: "{SHA}" + base64.b64encode(
        hashlib.sha1(password.encode()).digest()).decode(),
    "apr1": apr1,
}


class Front(Server):
    """Something that serves one card over HTTP, the responder behind it included."""

    path_of_card = "/dav/addressbooks/default/card.vcf"
    mode = "http"

    def __init__(self, processes, responder, name, title):
        super().__init__(processes)
        self.responder = responder
        self.name = name
        self.title = title

    def fields(self):
        return {"Authorization": CREDENTIALS}

    def wait(self):
        self.poll(lambda connection: connection.ask("GET", self.path_of_card))

    def start_responder(self, place):
        return self.processes.start([self.responder, self.mode, place],
                                    self.state / "responder.log")


class Alone(Front):
    """The responder by itself."""

    def launch(self):
        return {"responder": self.start_responder(self.port)}


class BehindNginx(Front):
    """nginx in front, with as many workers as we have event loops."""

    def __init__(self, processes, responder, name, title, scheme=None, has_log=False):
        super().__init__(processes, responder, name, title)
        self.scheme = scheme
        self.has_log = has_log

    def launch(self):
        auth = ""
        if self.scheme:
            users = self.state / "users"
            users.write_text(f"me:{HASHES[self.scheme]('secret')}\n")
            # The workers are another user's where root starts nginx.
            users.chmod(0o644)
            auth = f'auth_basic "all"; auth_basic_user_file {users};'
        socket = self.state / "responder.sock"
        settings = self.state / "nginx.conf"
        settings.write_text(NGINX.format(
            state=self.state, socket=socket, port=self.port, auth=auth,
            workers=os.cpu_count(), log=self.state / "access.log" if self.has_log else "off"))
        responder = self.start_responder(socket)
        self.wait_for(socket)
        return {"responder": responder, "gateway": self.processes.start(
            ["/usr/sbin/nginx", "-e", self.state / "error.log", "-p", self.state,
             "-c", settings, "-g", "user root;" if os.geteuid() == 0 else ""],
            self.state / "nginx.log")}

    @staticmethod
    def wait_for(socket):
        """Waits until the responder listens."""
        end = time.monotonic() + 10
        while not socket.exists() and time.monotonic() < end:
            time.sleep(0.01)

    def cpu_seconds(self):
        """nginx works in children of the process that was started."""
        used = super().cpu_seconds()
        used["gateway"] += sum(thread_cpu(pid) for pid in children(self.running["gateway"].pid))
        return used


class BehindGateway(Front):
    """Our gateway in front of the responder, which speaks frames."""

    mode = "frames"

    def __init__(self, processes, responder, name, title, programs, log="off", metrics=False):
        super().__init__(processes, responder, name, title)
        self.programs = programs
        self.log = log
        self.metrics = metrics

    def launch(self):
        run = self.state / "run"
        run.mkdir(exist_ok=True)
        (self.state / "contacts.toml").write_text(SETTINGS)
        text = GATEWAY.format(log=self.log)
        if self.metrics:
            text += f'[metrics]\nlisten = "unix:{run}/metrics.sock"\n'
        (self.state / "gateway.toml").write_text(text)
        line = [self.programs / "contactsctl", "user", "add", "me", "--instance", "default",
                "--password-stdin", "--config", self.state, "--state", self.state]
        if not (self.state / "users.toml").exists():
            subprocess.run([str(part) for part in line], input="secret\n", text=True, check=True,
                           capture_output=True)
        responder = self.start_responder(run / "default.sock")
        return {"responder": responder, "gateway": self.processes.start(
            [self.programs / "frontend-http", "--config", self.state, "--runtime", run,
             "--listen", f"127.0.0.1:{self.port}"], self.state / "gateway.log")}


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def thread_cpu(pid):
    """CPU time of a process in seconds, in the clock that clock_getcpuclockid(3) gives for it."""
    return time.clock_gettime((~pid << 3) | 2)
