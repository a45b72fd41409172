extension SettingsPage {
    static let gateway = SettingsPage(
        name: "gateway.toml",
        abstract: "how the gateway meets its clients",
        description: """
            Says how the gateway meets its clients. The file may be missing, and every key outside of \
            [oauth] has a default. Times are digits and ms, s, m, h or d.
            """,
        example: """
            [times]
            stall = "1m"

            [auth]
            plaintext = "loopback"

            [oauth.scopes]
            "contacts.read" = "reader"

            [oauth.issuers.home]
            issuer = "https://id.example.com/"
            audience = "https://contacts.example.com/"
            keys = "https://id.example.com/jwks.json"
            """,
        keys: times + certificates + tls + proxy + auth + pam + throttle + oauth + limits + sharing
            + answers + browsers + observing
    )

    private static let times = [
        Key(
            "times.stall",
            "A connection on which nothing moves for so long ends: 1s to 1h. To wait for a backend is "
                + "not counted. The default is 1m."
        ),
        Key(
            "times.idle",
            "A connection that waits for its next request for so long ends: 1s to 1h. The default is "
                + "75s."
        ),
        Key(
            "times.head",
            "How long a request's head may take from its first byte: 1s to 10m. The default is 15s."
        ),
        Key(
            "times.handshake",
            "How long TLS and a header of the PROXY protocol may take: 1s to 10m. The default is 10s."
        ),
        Key(
            "times.drain",
            "How long requests under way may take when the gateway is to stop: 0s to 10m. The "
                + "default is 30s."
        ),
        Key(
            "times.patience",
            "A backend that is missing is tried again for so long: 0s to 5m. No request waits longer "
                + "than backends.wait. The default is 5s."
        ),
    ]

    private static let auth = [
        Key(
            "auth.plaintext",
            "From where passwords are taken without TLS: loopback, this machine, or everywhere. The "
                + "default is loopback."
        ),
        Key(
            "auth.remember",
            "How long credentials that were right are not checked again: 0s to 1h. The default is 5m."
        ),
    ]

    private static let pam = [
        Key(
            "pam.service",
            "The service of PAM that is asked for users whose password is \"pam\": the name of a file "
                + "in /etc/pam.d, 1 to 64 of a-z, 0-9, -, _ and ., a letter or a digit first. It "
                + "has lines for auth and account; its modules run as the gateway's user, within what "
                + "its unit lets them. The default is none."
        ),
        Key(
            "pam.folder",
            "The folder where that file lies, and those that it includes: an absolute path. The "
                + "default is PAM's own."
        ),
    ]

    private static let throttle = [
        Key(
            "throttle.address_failures",
            "How many failures an address (IPv6: a /64) has before the next try waits: 1 to 10000. "
                + "The default is 5."
        ),
        Key(
            "throttle.user_failures",
            "The same for a user's name, from wherever. The default is 10."
        ),
        Key(
            "throttle.first_delay",
            "How long the first wait is; each further failure doubles it. The default is 1s."
        ),
        Key("throttle.longest_delay", "How long a wait is at the most. The default is 5m."),
        Key("throttle.forget_after", "When failures are forgotten. The default is 1h."),
    ]

    private static let oauth = [
        Key(
            "oauth.scopes",
            "What the scopes of an access token allow: reader or writer for each. Needed where there "
                + "is an issuer."
        ),
        Key("oauth.issuers.NAME", "An issuer of access tokens; the name is for logs. At most 16."),
        Key("oauth.issuers.NAME.issuer", "What iss of its tokens is, to the byte."),
        Key("oauth.issuers.NAME.audience", "What must be in aud of its tokens."),
        Key(
            "oauth.issuers.NAME.keys",
            "Where its keys are: an https URL, or the absolute path of a file."
        ),
        Key("oauth.issuers.NAME.refresh", "How old keys from a URL get. The default is 1h."),
        Key(
            "oauth.issuers.NAME.retry",
            "How soon an unknown key has the URL asked again. The default is 30s."
        ),
        Key(
            "oauth.issuers.NAME.algorithms",
            "Which algorithms are taken, of RS256, RS384, RS512, PS256, ES256, ES384 and EdDSA. The "
                + "default is all."
        ),
        Key(
            "oauth.issuers.NAME.user_claim",
            "The claim whose value is a user's name. The default is sub."
        ),
        Key(
            "oauth.issuers.NAME.scope_claim",
            "The claim that has the scopes. The default is scope."
        ),
        Key(
            "oauth.issuers.NAME.any_type",
            "Whether tokens need not say typ at+jwt. The default is false."
        ),
    ]

    private static let certificates = [
        Key(
            "certificate",
            "A certificate and its key, for the hosts that it names; [[certificate]], up to 1000. The "
                + "first is also for whoever asks for no host. With one, the gateway speaks HTTPS."
        ),
        Key(
            "certificate.chain",
            "A PEM file with the certificate and then those that lead to its root: a path, or "
                + "credential:NAME for one of systemd's (LoadCredential=)."
        ),
        Key("certificate.key", "A PEM file with the private key, named in the same way."),
    ]

    private static let tls = [
        Key("tls.minimum", "The oldest version of TLS: 1.2 or 1.3. The default is 1.2."),
        Key(
            "tls.unknown_host",
            "What becomes of a client that asks for a host which no certificate names: default, it "
                + "gets the first one, or refuse. The default is default."
        ),
        Key(
            "tls.redirect",
            "Whether requests without TLS are led to https. The default is true where there is a "
                + "certificate."
        ),
        Key("tls.port", "Where clients reach https. The default is 443."),
        Key(
            "tls.hsts",
            "How long browsers are to insist on https: 0s, not said, to 3650d. The default is 0s."
        ),
    ]

    private static let proxy = [
        Key(
            "proxy.trusted",
            "Addresses and ranges of proxies that are believed, and unix for whoever connects by a "
                + "Unix socket. The default is nobody."
        ),
        Key(
            "proxy.headers",
            "In which fields they say whom they speak for: x-forwarded, forwarded (RFC 7239) or none. "
                + "The default is x-forwarded."
        ),
        Key(
            "proxy.protocol",
            "Whether their connections begin with a header of the PROXY protocol. The default is "
                + "false."
        ),
    ]

    private static let limits = [
        Key(
            "limits.connections",
            "Connections of all clients together, within the descriptors that the process may have. "
                + "The default is 10000."
        ),
        Key(
            "limits.connections_per_address",
            "Those of one IPv4 address or one IPv6 /64. The default is 256."
        ),
        Key("limits.requests", "Requests on one connection. The default is 10000."),
        Key(
            "limits.head",
            "The bytes of a request's header fields; sizes are digits, and K, M or G. The default is "
                + "32K."
        ),
        Key("limits.fields", "How many header fields. The default is 100."),
        Key("limits.target", "The bytes of a request's target. The default is 8K."),
        Key("limits.body", "The bytes of a body of PUT or POST. The default is 16M."),
        Key("limits.xml", "The bytes of any other request's body. The default is 8M."),
        Key(
            "limits.slowest",
            "The fewest bytes a second, over the time of a stall, at which a body may come (less is "
                + "408) or an answer be taken (less ends the connection); 0 lets everything pass that "
                + "moves. The default is 128."
        ),
        Key(
            "limits.streams",
            "Requests under way at once on an HTTP/2 connection. The default is 100."
        ),
        Key(
            "limits.resets",
            "Streams that an HTTP/2 connection may abandon in a second, on an average of ten. The "
                + "default is 20."
        ),
    ]

    private static let answers = [
        Key(
            "answers.gzip",
            "Whether a multistatus is compressed for clients that take it. The default is true."
        ),
        Key("answers.gzip_from", "The fewest bytes that are worth it. The default is 2K."),
        Key("answers.gzip_level", "From 1, quick, to 9, small. The default is 1."),
        Key(
            "answers.server",
            "The Server field of all answers; none where it is empty, as by default."
        ),
    ]

    private static let sharing = [
        Key(
            "backends.connections",
            "What one instance may have of connections to its backend, and so of requests at once: 1 "
                + "to 120. The default is 64."
        ),
        Key(
            "backends.queue",
            "How many requests wait for one of them: 0 to 100000. The default is 1024."
        ),
        Key(
            "backends.wait",
            "How long a request waits for one of them: 100ms to 10m. The default is 30s."
        ),
        Key(
            "backends.buffered",
            "How many bytes are held for a side that is slow to take them: 1M to 4G. The default is "
                + "32M."
        ),
        Key(
            "rates.queries",
            "How many PROPFIND and REPORT a second one user may send in the long run, or one address "
                + "(IPv6: a /64) without a log-in; 0 for any number. The default is 50."
        ),
        Key("rates.burst", "How many of them at once after a rest. The default is 5000."),
        Key(
            "rates.concurrent",
            "How many requests of one user are under way at once; 0 for any number. The default is 48."
        ),
    ]

    private static let browsers = [
        Key(
            "cors.NAME",
            "Which web pages may use a host: its name, in the form of a vhost without a port, "
                + "*.example.com for the names with one label more, or * for every other host."
        ),
        Key(
            "cors.NAME.origins",
            "Their origins, as browsers write them, without the port that the scheme has anyway; "
                + "[\"*\"] is every one, without a log-in that the browser keeps."
        ),
        Key(
            "cors.NAME.max_age",
            "How long a browser remembers the answer: 0s to 1d. The default is 1h."
        ),
    ]

    private static let observing = [
        Key(
            "metrics.listen",
            "Where metrics and health are told: an address of the loopback and a port, or unix: and "
                + "a path. The default is nowhere, unless systemd hands over a socket named metrics."
        ),
        Key(
            "log.requests",
            "The level of the line for each request: off, debug, info or notice. The default is info."
        ),
        Key(
            "log.adopt_request_ids",
            "Whether a request keeps the X-Request-ID that it brings; for a proxy that nobody goes "
                + "around. The default is false."
        ),
    ]
}
