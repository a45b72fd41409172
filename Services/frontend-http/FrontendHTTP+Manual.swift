extension FrontendHTTP {
    /// What the help and the manual page say at length.
    static let manual = """
        Settles who asks, where and with what right, then streams the request to the instance's \
        contacts-backend and the answer back. It knows nothing of address books.

        SOCKETS
          Listens on the TCP sockets that systemd hands over, else on each --listen and
          --listen-tls address; for metrics and health on systemd's socket whose name
          begins with metrics, else where gateway.toml says.
          Connects to <runtime>/<instance>.sock, and to the URLs of issuers' keys.

        FILES
          <config>/contacts.toml   the instances and their hosts
          <config>/users.toml      who may log in; read again when it changes
          <config>/gateway.toml    how clients are met; need not be there
          certificates and keys    that gateway.toml names; read again when they change
          <state>/last-use.toml    when app passwords were last used
          /etc/pam.d/<service>     what checks the passwords that users.toml leaves to PAM

        SIGNALS
          SIGTERM, SIGINT   takes no more connections, answers the requests under way, ends
          SIGHUP            reads all files again; one with an error leaves the old
                            state; [times], [backends] and [metrics] of gateway.toml
                            wait for the next start

        ENVIRONMENT
          EVERLOCK_LOG   the least level that is logged: debug, info, notice, warning or error

        EXIT STATUS
          0   ended as asked
          1   failed
          64  wrong use
          78  wrong settings

        EXAMPLES
          frontend-http --listen 127.0.0.1:8080
        """
}
