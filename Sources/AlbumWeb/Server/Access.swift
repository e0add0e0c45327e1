internal import HTTPTypes

/// Who is let in: the browser that opened the address with the token, and only our pages in it.
struct Access: Sendable {
    /// The port that the server listens to, known once it does.
    let port: Int
    /// Part of the first address.
    let token: Secret
    /// Part of the cookie; not the token, because browsers keep addresses in their history.
    let key: Secret
    /// Lets a browser in once, instead of ``token``; `nil` until such an address is given.
    var pass: Pass?

    /// A cookie counts for all ports of a host, so its name says which album's pages it is for.
    var cookieName: String { "facesort-\(port)" }

    /// It ends with the browser's session, no script can read it, no other site can send it.
    var cookie: String { "\(cookieName)=\(key.text); Path=/; HttpOnly; SameSite=Strict" }

    /// This server's names. If another name that leads here (DNS rebinding) counted, a foreign page
    /// would have the rights of ours.
    private var hosts: [String] { ["127.0.0.1:\(port)", "localhost:\(port)"] }

    func isOurs(_ request: HTTPRequest) -> Bool {
        // A second Host field remains among the other fields.
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
    /// A browser that hides the origin still says whether it is the same one (`Sec-Fetch-Site`).
    func isFromOurPage(_ request: HTTPRequest) -> Bool {
        let origins = request.headerFields[values: .origin]
        guard origins.count <= 1 else { return false }
        if let origin = origins.first, origin != "null" {
            // The name must match too: pages at 127.0.0.1 and at localhost do not see each other.
            return request.authority.map { origin == "http://" + $0 } ?? false
        }
        return request.headerFields[values: .secFetchSite] == ["same-origin"]
    }
}

extension HTTPField.Name {
    static let host = Self("Host")!  // A token by RFC 9110, like all of these.
    static let secFetchSite = Self("Sec-Fetch-Site")!
    static let referrerPolicy = Self("Referrer-Policy")!
    static let frameOptions = Self("X-Frame-Options")!
    static let resourcePolicy = Self("Cross-Origin-Resource-Policy")!
    static let openerPolicy = Self("Cross-Origin-Opener-Policy")!
}
