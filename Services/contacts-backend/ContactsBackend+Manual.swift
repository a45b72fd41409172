extension ContactsBackend {
    /// What the help and the manual page say at length.
    static let manual = """
        Owns the git store of one instance and speaks CardDAV (RFC 6352) over it, behind the gateway: \
        it knows no TLS, no password and no other instance. systemd starts it when its socket is first \
        connected to; from a shell it makes the socket itself.

        SOCKETS
          The one that systemd hands over, else <runtime>/<instance>.sock, mode 0660.
          Only processes of the gateway's user, of this process's own user and of root
          are heard (SO_PEERCRED).

        FILES
          <config>/contacts.toml   the instances, and where their stores are
          <state>/<store>          the store: a bare git repository
          <store>/everlock.lock    locked while this process runs

        SIGNALS
          SIGTERM, SIGINT   takes no more requests, answers those under way, ends
          SIGHUP            reads contacts.toml again; one with an error leaves the old state

        ENVIRONMENT
          EVERLOCK_LOG   the least level that is logged: debug, info, notice, warning or error

        EXIT STATUS
          0   ended as asked, or since nobody asked for anything for idle_exit
          1   failed
          64  wrong use
          78  wrong settings

        EXAMPLES
          contacts-backend --config /etc/everlock-contacts default
        """
}
