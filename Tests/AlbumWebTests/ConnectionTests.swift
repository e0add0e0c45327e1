import PhotoIndex
import AlbumKit
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumWeb

@Suite("Connections", .timeLimit(.minutes(5)))
struct ConnectionTests {
    /// A separate server for an album, with other time limits.
    private func serving(
        _ visit: Visit, patience: Connections.Patience
    ) async throws -> (server: PageServer, serving: Serving) {
        let album = try Album(at: visit.album)
        let server = PageServer(
            ReviewSite(
                review: try Review(of: album, environment: RunEnvironment([:])),
                sorting: AlbumSorting(album, environment: [:])), port: nil, patience: patience)
        return (server, try await Serving(server))
    }

    @Test("Connections without a request do not keep a browser out")
    func slowConnections() async throws {
        let visit = try await Visit()
        let port = visit.address.port
        let slow = (0..<2 * Connections.usualCount + 20).compactMap { _ in OpenConnection(port) }
        #expect(slow.count == 2 * Connections.usualCount + 20)
        for connection in slow { connection.send("GET / HT") }
        let browser = try await Browser(at: visit.address)
        #expect(try await browser.load("/people").status == 200)
        try await visit.end()
    }

    @Test("The head of a request has a time limit, however often a byte of it comes")
    func slowHead() async throws {
        let visit = try await Visit()
        var patience = Connections.Patience()
        patience.first = .milliseconds(300)
        let (_, serving) = try await serving(visit, patience: patience)
        let connection = try #require(OpenConnection(serving.address.port))
        let start = ContinuousClock.now
        let isClosed = await blocking { connection.drip("GET / HTTP/1.1\r\nX-Long: ", "a") }
        #expect(isClosed)
        #expect(ContinuousClock.now - start >= .milliseconds(250))
        try await serving.end()
        try await visit.end()
    }

    @Test("A connection that waits after its first request is closed too")
    func idleConnection() async throws {
        let visit = try await Visit()
        var patience = Connections.Patience()
        patience.next = .milliseconds(200)
        let (_, serving) = try await serving(visit, patience: patience)
        let port = serving.address.port
        let connection = try #require(OpenConnection(port))
        let request = "GET / HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n"
        // Without a cookie it is refused, and the connection stays open for the next request.
        let isClosed = await blocking { connection.drip(request, "") }
        #expect(isClosed)
        try await serving.end()
        try await visit.end()
    }

    @Test("An address used as an argument opens the pages once, and never contains the key")
    func oneVisit() async throws {
        let visit = try await Visit()
        let (server, serving) = try await serving(visit, patience: .init())
        let (port, host) = (serving.address.port, "127.0.0.1:\(serving.address.port)")
        let address = try #require(server.addressForOneVisit())
        #expect(address.hasPrefix("http://\(host)/?once="))
        #expect(!address.contains(serving.address.token))
        let target = String(address.dropFirst("http://\(host)".count))
        func status(_ method: String, _ target: String) async -> Int? {
            let sent = Sent(method: method, target: target, host: host)
            return await blocking {
                exchange(sent.bytes, withPort: port, endsSending: false).flatMap(Answer.init)?
                    .status
            }
        }
        #expect(await status("GET", target.replacingOccurrences(of: "once", with: "token")) == 403)
        #expect(await status("HEAD", target) == 403)
        #expect(await status("GET", target) == 303)
        #expect(await status("GET", target) == 403, "it works once")
        try await serving.end()
        try await visit.end()
    }

    @Test(
        "Another user who reads that address is not let in, and does not use it up",
        .enabled(if: geteuid() == 0, "only the administrator can be somebody else"))
    func anotherUser() async throws {
        let visit = try await Visit()
        let (server, serving) = try await serving(visit, patience: .init())
        let port = serving.address.port
        let address = try #require(server.addressForOneVisit())
        let target = String(address.dropFirst("http://127.0.0.1:\(port)".count))
        // Exits with 0 when the answer begins with a line that has `code` in it.
        func ask(expecting code: Int, by user: [String]) async -> Int32 {
            let script = """
                exec 3<>/dev/tcp/127.0.0.1/\(port)
                printf 'GET \(target) HTTP/1.1\\r\\nHost: 127.0.0.1:\(port)\\r\\n\\r\\n' >&3
                read -r line <&3
                case $line in *\(code)*) exit 0;; esac
                exit 9
                """
            return await blocking { runTool(user + ["/bin/bash", "-c", script]) }
        }
        let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        #expect(await ask(expecting: 403, by: nobody) == 0)
        #expect(await ask(expecting: 303, by: []) == 0)
        try await serving.end()
        try await visit.end()
    }

    @Test("A word that lets a browser in soon expires")
    func expiredPass() {
        var generator = SystemRandomNumberGenerator()
        let word = Secret(from: &generator)
        #expect(Pass(word).admits(word.text) { true })
        #expect(!Pass(word, lifetime: .zero).admits(word.text) { true })
        #expect(!Pass(word).admits(word.text) { false })
    }

    @Test("When no port is free, a port that was not named is not blamed")
    func noPort() throws {
        let none = try #require(PageServer.refusal(.addressInUse, port: nil) as? AlbumError)
        #expect(none.reason.hasPrefix("no port is free on this machine"))
        #expect(none.code != .setting && none.subject.isEmpty)
        let taken = try #require(PageServer.refusal(.addressInUse, port: 8080) as? AlbumError)
        #expect(taken.subject == "--port 8080" && taken.code == .setting)
        #expect(PageServer.refusal(.ioError, port: nil) == nil)
    }
}

/// A connection that stays open, closed when it is let go.
private final class OpenConnection: Sendable {
    private let descriptor: Int32

    init?(_ port: Int) {
        guard let descriptor = connection(toPort: port) else { return nil }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// - Returns: whether the other side takes it.
    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        #if canImport(Glibc)
            return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
        #else
            return Darwin.send(descriptor, bytes, bytes.count, 0) == bytes.count
        #endif
    }

    /// Sends `first`, then `next` every 20 milliseconds.
    ///
    /// - Returns: whether the other side closed the connection within ten seconds.
    func drip(_ first: String, _ next: String) -> Bool {
        var patience = timeval(tv_sec: 0, tv_usec: 20_000)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience,
            socklen_t(MemoryLayout<timeval>.size))
        guard send(first) else { return true }
        let end = ContinuousClock.now + .seconds(10)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while ContinuousClock.now < end {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 || (count < 0 && errno != EAGAIN) { return true }
            if !next.isEmpty, !send(next) { return true }
        }
        return false
    }
}
