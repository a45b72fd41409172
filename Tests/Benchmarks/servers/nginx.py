"""nginx with static files: the least that an HTTP answer of that size costs on this machine."""

import subprocess

from servers.server import Server

SETTINGS = """daemon off;
master_process off;
pid {state}/pid;
error_log {state}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    open_file_cache max=100;
    client_body_temp_path {state}/body;
    proxy_temp_path {state}/proxy;
    fastcgi_temp_path {state}/fastcgi;
    uwsgi_temp_path {state}/uwsgi;
    scgi_temp_path {state}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {state}/files;
    }}
}}
"""


class Nginx(Server):
    name = "nginx"
    title = "nginx"
    book = "/"
    has_login = False

    def version(self):
        said = subprocess.run(["/usr/sbin/nginx", "-v"], capture_output=True, text=True,
                              check=True)
        return said.stderr.strip().rpartition("/")[2]

    def prepare(self, state, count):
        (state / "files").mkdir(parents=True)
        (state / "files/ready").write_text("ready\n")

    def launch(self):
        settings = self.state / "nginx.conf"
        settings.write_text(SETTINGS.format(state=self.state, port=self.port))
        return {"server": self.processes.start(
            ["/usr/sbin/nginx", "-e", self.state / "error.log", "-p", self.state,
             "-c", settings], self.state / "nginx.log")}

    def wait(self):
        self.poll(lambda connection: connection.ask("GET", "/ready"))

    def serve(self, file, content):
        """Puts a file where it is served."""
        (self.state / "files" / file).write_bytes(content)

    def store(self):
        return self.state / "files"
