internal import FaceCore
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// Refuses requests that may not come in, and hands the others to the desk.
struct PageResponder: HTTPResponder {
    /// A request with the connection it came on.
    struct Context: RequestContext {
        var coreContext: CoreRequestContextStorage
        let channel: any Channel

        init(source: ApplicationRequestContextSource) {
            coreContext = CoreRequestContextStorage(source: source)
            channel = source.channel
        }
    }

    /// Enough for a form with the faces of a group of 10,000 photos.
    static let maximumBodyByteCount = 1 << 20

    /// Twice the largest photos of today's cameras.
    static let maximumFileByteCount = 64 << 20

    let desk: any PageSite
    let queues: BlockingQueues
    let connections: Connections
    /// `nil` until the server listens.
    let access: @Sendable () -> Access?
    /// For files, which are held in memory one at a time.
    private let isReceiving = Receiving()

    func respond(to request: Request, context: Context) async throws -> Response {
        connections.begin(context.channel)
        defer { connections.end(context.channel) }
        let reply = await reply(to: request, on: context.channel)
        return response(reply, withBody: request.method != .head)
    }

    private func reply(to request: Request, on channel: any Channel) async -> Reply {
        guard let access = access() else {
            return refusal(.unavailable, "Not ready yet", "Load this page again in a moment.")
        }
        guard access.isOurs(request.head) else {
            return refusal(
                .forbidden, "This is not the address of these pages",
                "Open the address that '\(desk.command)' printed.")
        }
        guard [.get, .head, .post].contains(request.method) else {
            return refusal(.methodNotAllowed, "That cannot be done here", "Nothing was changed.")
        }
        let (path, query) = split(request.head.path ?? "")
        guard let query else {
            return refusal(
                .badRequest, "This address is not well formed", "Nothing was changed.")
        }
        if path == "/", let first = firstVisit(request.method, query, access, channel) {
            return first
        }
        guard access.isKnown(request.head) else { return stranger }
        guard let route = Route(path: path) else { return desk.nowhere }
        guard request.method == .post else { return await shown(route, query) }
        guard route.takesForms || route.takesFiles else {
            return refusal(.methodNotAllowed, "That cannot be done here", "Nothing was changed.")
        }
        guard access.isFromOurPage(request.head) else {
            return refusal(
                .forbidden, "This did not come from a page of facesort",
                "Nothing was changed. Open the page and answer there.")
        }
        return route.takesFiles
            ? await taken(fileIn: request, query, at: route)
            : await taken(formIn: request, at: route)
    }

    /// The reply to an address that should let a browser in; `nil` for any other address.
    private func firstVisit(
        _ method: HTTPRequest.Method, _ query: Form, _ access: Access, _ channel: any Channel
    ) -> Reply? {
        let isLetIn: Bool
        if let token = query["token"], method != .post {
            isLetIn = access.token.matches(token)
        } else if let word = query["once"], method == .get {
            isLetIn = access.pass?.admits(word) { Caller(channel)?.isOurs ?? false } ?? false
        } else {
            return nil
        }
        guard isLetIn else { return stranger }
        return Reply(status: .seeOther, location: "/", cookie: access.cookie)
    }

    private var stranger: Reply {
        refusal(
            .forbidden, "These pages are open to one browser only",
            "Copy the whole address that '\(desk.command)' printed, and open it in this browser. "
                + "After a restart the address is different.")
    }

    private func split(_ target: String) -> (path: Substring, query: Form?) {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            return (target[...], Form())
        }
        let query = target[mark...].utf8.dropFirst()
        return (target[..<mark], Form(urlEncoded: query))
    }

    private func shown(_ route: Route, _ query: Form) async -> Reply {
        guard route.isShown else { return desk.nowhere }
        switch route {
        case .look(let look): return Reply(type: look.type, bytes: look.bytes)
        case .progress: return desk.progress
        case .facePicture, .photoPicture, .portraitPicture:
            return await queues.picture { [desk] in desk.picture(route, query) }
        default:
            await desk.prepare(route)
            return await queues.page { [desk] in desk.page(route, query) }
        }
    }

    private func taken(formIn request: Request, at route: Route) async -> Reply {
        guard request.isOf("application/x-www-form-urlencoded") else {
            return refusal(.wrongType, "This is not a form", "Nothing was changed.")
        }
        guard let body = await request.content(upTo: Self.maximumBodyByteCount) else {
            return refusal(.tooLarge, "This is too much for a form", "Nothing was changed.")
        }
        guard let form = Form(urlEncoded: body.readableBytesView) else {
            return refusal(.badRequest, "This form is not well formed", "Nothing was changed.")
        }
        return await queues.page { [desk] in desk.take(form, at: route) }
    }

    /// A file is sent unchanged, under a type that pages of other sites may not send without
    /// asking, with its name in the address.
    private func taken(fileIn request: Request, _ query: Form, at route: Route) async -> Reply {
        guard request.isOf("application/octet-stream") else {
            return refusal(.wrongType, "This is not a file", "Nothing was changed.")
        }
        guard let name = query.words("name"), name.utf8.count <= 255 else {
            return refusal(.badRequest, "This file has no name", "Nothing was changed.")
        }
        guard isReceiving.begin() else {
            return refusal(
                .conflict, "This has to wait a moment", "Another file is being looked at.")
        }
        defer { isReceiving.end() }
        guard let body = await request.content(upTo: Self.maximumFileByteCount) else {
            return refusal(
                .tooLarge, "This file is too large",
                "Files of up to \(byteSize(Int64(Self.maximumFileByteCount))) are taken.")
        }
        return await desk.take(
            SentFile(name: name, bytes: Array(body.readableBytesView)), at: route)
    }

    private func refusal(_ status: Reply.Status, _ heading: String, _ lead: String) -> Reply {
        .page(Templates.render(OutsideView(heading: heading, lead: lead)), status: status)
    }

    private func response(_ reply: Reply, withBody: Bool) -> Response {
        var fields = Self.protection
        fields[.contentType] = reply.type
        fields[.cacheControl] = reply.keeping.rawValue
        fields[.contentLength] = String(reply.bytes.count)
        if let location = reply.location { fields[.location] = location }
        if let cookie = reply.cookie { fields[.setCookie] = cookie }
        if reply.status == .methodNotAllowed { fields[.allow] = "GET, HEAD, POST" }
        return Response(
            status: HTTPResponse.Status(code: reply.status.rawValue), headers: fields,
            body: withBody ? ResponseBody(byteBuffer: ByteBuffer(bytes: reply.bytes)) : .init())
    }

    /// The fields of every reply.
    private static let protection: HTTPFields = [
        .contentSecurityPolicy:
            "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
            + "form-action 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        .xContentTypeOptions: "nosniff",
        .frameOptions: "DENY",
        .resourcePolicy: "same-origin",
        .openerPolicy: "same-origin",
        // Not 'no-referrer': then browsers send a form's origin as 'null', and some send nothing
        // else that tells our forms from those of other sites.
        .referrerPolicy: "same-origin",
    ]
}

/// Whether a file is being received.
private final class Receiving: Sendable {
    private let isBusy = Atomic(false)

    /// - Returns: `false` when a file was being received already.
    func begin() -> Bool { !isBusy.exchange(true, ordering: .acquiringAndReleasing) }
    func end() { isBusy.store(false, ordering: .releasing) }
}

extension Request {
    fileprivate func isOf(_ type: String) -> Bool {
        let types = headers[values: .contentType]
        guard types.count == 1 else { return false }
        return types[0].prefix { $0 != ";" }.lowercased().filter { $0 != " " } == type
    }

    /// - Returns: `nil` when the body is longer.
    fileprivate func content(upTo limit: Int) async -> ByteBuffer? {
        if let length = headers[.contentLength].flatMap(Int.init), length > limit { return nil }
        return try? await body.collect(upTo: limit)
    }
}

extension Route.Look {
    fileprivate var type: String {
        switch self {
        case .style: "text/css; charset=utf-8"
        case .script: "text/javascript; charset=utf-8"
        case .icon: "image/svg+xml"
        }
    }

    fileprivate var bytes: [UInt8] {
        switch self {
        case .style: PackageResources.facesort_css
        case .script: PackageResources.enhance_js
        case .icon: PackageResources.icon_svg
        }
    }
}

/// A page for a browser that is not let in.
struct OutsideView: TemplateView {
    let heading: String
    let lead: String
}
