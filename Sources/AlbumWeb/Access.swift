internal import HTTPTypes

/// Who is let in: the browser that was given the address with the token, and no other page in it.
struct Access: Sendable {
    /// The port that the server listens to, known once it does.
    let port: Int
    /// Stands in the first address.
    let token: Secret
    /// Stands in the cookie; another one, since addresses are kept in histories.
    let key: Secret
    /// Lets in once, instead of ``token``; `nil` as long as no such address was given.
    var pass: Pass?

    /// A cookie counts for all ports of a host, so its name says for which album's pages it is.
    var cookieName: String { "facesort-\(port)" }

    /// Gone with the browser's session, read by no script, sent by no other site.
    var cookie: String { "\(cookieName)=\(key.text); Path=/; HttpOnly; SameSite=Strict" }

    /// How this server is called. A name of somebody else's that leads here (DNS rebinding) would
    /// give their page the rights of ours.
    private var hosts: [String] { ["127.0.0.1:\(port)", "localhost:\(port)"] }

    func isOurs(_ request: HTTPRequest) -> Bool {
        // A second Host field stays among the others.
        guard let host = request.authority, request.headerFields[.host] == nil else { return false }
        return hosts.contains(host)
    }

    func isKnown(_ request: HTTPRequest) -> Bool {
        request.headerFields[values: .cookie]
            .flatMap { $0.split(separator: ";") }
            .contains { pair in
                let pair = pair.drop { $0 == " " }
                guard pair.hasPrefix(cookieName + "=") else { return false }
                return key.matches(pair.dropFirst(cookieName.count + 1))
            }
    }

    /// Whether a form was sent by a page of ours.
    ///
    /// A browser that keeps the origin to itself says at least how far away it was.
    func isFromOurPage(_ request: HTTPRequest) -> Bool {
        let origins = request.headerFields[values: .origin]
        guard origins.count <= 1 else { return false }
        if let origin = origins.first, origin != "null" {
            // The same name, too: pages at 127.0.0.1 and at localhost do not see each other.
            return request.authority.map { origin == "http://" + $0 } ?? false
        }
        return request.headerFields[values: .secFetchSite] == ["same-origin"]
    }
}

extension HTTPField.Name {
    static let host = Self("Host")!  // A token by RFC 9110, as all of these.
    static let secFetchSite = Self("Sec-Fetch-Site")!
    static let referrerPolicy = Self("Referrer-Policy")!
    static let frameOptions = Self("X-Frame-Options")!
    static let resourcePolicy = Self("Cross-Origin-Resource-Policy")!
    static let openerPolicy = Self("Cross-Origin-Opener-Policy")!
}
