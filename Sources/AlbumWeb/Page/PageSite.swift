internal import AlbumKit

/// Makes the pages of one command and takes their forms, one after the other; it does not know
/// about sockets.
protocol PageSite: Sendable {
    /// The command that serves the pages, as the user typed it: "facesort review".
    var command: String { get }
    /// What the pages are about, shown beside the program's name on each.
    var subject: String { get }
    /// The navigation on each page; empty when there is only one page.
    var ways: [(route: Route, label: String)] { get }

    /// Begins the work whose progress or result a page will show.
    func prepare(_ route: Route) async
    /// The page at `route`.
    func page(_ route: Route, _ query: Form) -> Reply
    /// The reply to a form sent to `route`.
    func take(_ form: Form, at route: Route) -> Reply
    /// The reply to a file sent to `route`; one file at a time.
    func take(_ file: SentFile, at route: Route) async -> Reply
    func picture(_ route: Route, _ query: Form) -> Reply
    /// The progress that script asks for, instead of loading a page again.
    var progress: Reply { get }
    /// Waits for work that is still going on, after the last page.
    func finish() async
}

extension PageSite {
    func prepare(_ route: Route) async {}

    func take(_ file: SentFile, at route: Route) async -> Reply { nowhere }

    var nowhere: Reply {
        message(
            "There is nothing here", "It may have been named, merged or moved meanwhile.",
            status: .notFound)
    }

    /// The reply to a form that none of our pages sends.
    var notOurs: Reply {
        message("This form is not complete", "Nothing was changed.", status: .badRequest)
    }

    func failure(_ error: AlbumError) -> Reply {
        let (heading, status): (String, Reply.Status) =
            switch error.code {
            case .inUse: ("This has to wait a moment", .conflict)
            case .unknownRun, .unknownPhoto: ("There is nothing here", .notFound)
            default: ("That did not work", .failed)
            }
        return message(heading, sentence(of: error) + " " + error.remedy, status: status)
    }

    /// A whole photo, as large as the address asks for.
    func photoPicture(
        _ route: Route, _ query: Form, _ picture: (ReviewToken, Int) -> [UInt8]?
    ) -> Reply {
        guard case .photoPicture(let id) = route, let side = PictureSide.photo(query["size"])
        else { return nowhere }
        return picture(id, side).map(Reply.picture) ?? nowhere
    }

    func message(_ heading: String, _ lead: String, status: Reply.Status) -> Reply {
        frame(
            MessageView(
                heading: heading, lead: lead,
                ways: [.init(href: "/", label: "Back to the overview", main: true)]),
            title: heading, at: .start, status: status)
    }

    /// What happened, with the name of a file instead of its path; a name keeps its small first
    /// letter at the beginning of the sentence.
    func sentence(of error: AlbumError) -> String {
        let subject = error.subject.split(separator: "/").last.map(String.init) ?? ""
        let name = error.code == .personName ? "‘\(subject)’" : subject
        let text =
            subject.isEmpty
            ? error.reason.prefix(1).uppercased() + error.reason.dropFirst()
            : "\(name) \(error.reason)"
        return text.hasSuffix(".") ? text : text + "."
    }
}

/// A page that says one thing, and where to go on.
struct MessageView: TemplateView {
    struct Way: TemplateFields {
        let href: String
        let label: String
        var main = false
    }

    let heading: String
    let lead: String
    /// What was typed and is not lost.
    var kept: String?
    let ways: [Way]
}

/// A file as a browser sent it.
struct SentFile: Sendable {
    /// As the user knows it, at most 255 bytes; never a path, and never used as one.
    let name: String
    let bytes: [UInt8]
}

/// How large pictures are sent, in pixels of the longer side.
enum PictureSide {
    /// Twice the width of a face on most screens, so that it is sharp on high-resolution ones.
    static let face = 320
    /// Half a wide screen.
    static let medium = 1280

    static func photo(_ word: String?) -> Int? {
        switch word {
        case "small": 320
        case nil: medium
        // A whole wide screen.
        case "large": 2560
        default: nil
        }
    }
}
