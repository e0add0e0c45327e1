/// A reply, without the fields that every reply has.
struct Reply: Sendable {
    enum Status: Int, Sendable {
        case ok = 200
        case seeOther = 303
        case badRequest = 400
        case forbidden = 403
        case notFound = 404
        case methodNotAllowed = 405
        case conflict = 409
        case tooLarge = 413
        case wrongType = 415
        case cannotBeUsed = 422
        case failed = 500
        case unavailable = 503
    }

    enum Keeping: String, Sendable {
        /// For pages, which are true only for the moment.
        case never = "no-store"
        /// For pictures, which never change under their id.
        case forGood = "private, max-age=31536000, immutable"
    }

    var status = Status.ok
    var type = "text/html; charset=utf-8"
    var bytes: [UInt8] = []
    var keeping = Keeping.never
    /// The next address, for ``Status/seeOther``.
    var location: String?
    /// The cookie that lets the browser in from then on.
    var cookie: String?

    static func page(_ html: String, status: Status = .ok) -> Reply {
        Reply(status: status, bytes: Array(html.utf8))
    }

    static func picture(_ bytes: [UInt8]) -> Reply {
        Reply(type: "image/jpeg", bytes: bytes, keeping: .forGood)
    }

    /// Goes on to a page after a form, so that reloading sends nothing again.
    static func goOn(to location: String) -> Reply {
        Reply(status: .seeOther, location: location)
    }
}
