import Testing

@testable import ContactsControl

struct GatewayStateTests {
    private static func state(
        _ state: String,
        _ detail: String,
        isSocketOpen: Bool = true
    ) -> GatewayState {
        GatewayState(
            [
                "LoadState": "loaded", "ActiveState": state, "SubState": detail,
                "Result": "exit-code", "NRestarts": "7", "MainPID": "0", "StatusText": "",
            ],
            isSocketOpen: isSocketOpen
        )
    }

    @Test(arguments: [
        ("activating", "auto-restart"), ("failed", "failed"), ("deactivating", "stop"),
    ])
    func `systemd.service(5): a gateway that does not run is trouble, with its result and restarts`(
        state: String,
        detail: String
    ) {
        let gateway = Self.state(state, detail)

        #expect(gateway.trouble != nil)
        #expect(gateway.text.hasPrefix("gateway: \(state) (\(detail))\n"))
        #expect(gateway.text.contains("\n  restarts 7, last result exit-code\n"))
        #expect(
            JSON.encode(gateway.json).contains(#""result":"exit-code","restarts":7,"trouble":"#)
        )
    }

    @Test func `a gateway that a client's connection starts is no trouble, without a socket it is`()
    {
        #expect(Self.state("inactive", "dead").trouble == nil)
        #expect(Self.state("inactive", "dead", isSocketOpen: false).trouble != nil)
    }

    @Test(arguments: [("active", "running"), ("reloading", "reload")])
    func `a gateway that runs is no trouble`(state: String, detail: String) {
        #expect(Self.state(state, detail, isSocketOpen: false).trouble == nil)
    }

    @Test(arguments: [nil, ["LoadState": "not-found", "ActiveState": "inactive"]])
    func `a gateway that systemd knows nothing of is not asked, and no trouble`(
        properties: [String: String]?
    ) {
        let gateway = GatewayState(properties, isSocketOpen: false)

        #expect(gateway.text == "gateway: not under systemd, not asked")
        #expect(gateway.trouble == nil)
    }
}
