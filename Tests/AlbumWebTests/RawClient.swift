import Foundation
import TestSupport
import Testing

/// A client that sends any bytes; a library would correct hostile ones.
struct RawClient: Sendable {
    let port: Int

    /// Sends `bytes` on a connection of their own, and reads until the server closes it.
    ///
    /// - Returns: `nil` when nothing came back.
    func send(_ bytes: [UInt8]) -> Answer? {
        // Ended at once, so that a request which is not complete ends here, and not after a minute.
        exchange(bytes, withPort: port, endsSending: true).flatMap(Answer.init)
    }
}

/// The reply.
struct Answer: Sendable {
    let status: Int
    /// Names in lower case.
    let fields: [String: String]
    let body: [UInt8]
    let all: [UInt8]

    init?(_ bytes: [UInt8]) {
        all = bytes
        let end = Array("\r\n\r\n".utf8)
        guard
            let border = bytes.indices.first(where: { bytes[$0...].starts(with: end) })
        else { return nil }
        body = Array(bytes[(border + end.count)...])
        let lines = String(decoding: bytes[..<border], as: UTF8.self)
            .components(separatedBy: "\r\n")
        guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        self.status = status
        fields = Dictionary(
            lines.dropFirst().compactMap { line in
                line.firstIndex(of: ":").map { colon in
                    (
                        line[..<colon].lowercased(),
                        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                    )
                }
            }
        ) { first, _ in first }
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of a hidden field of the page.
    func hidden(_ name: String) -> String? {
        all("name=\"\(name)\" value=\"").first
    }

    /// What follows `start` up to the next quotation mark, wherever it stands.
    func all(_ start: String) -> [String] {
        text.components(separatedBy: start).dropFirst()
            .map { String($0.prefix { $0 != "\"" }) }
    }
}

/// A request, honest until a test changes something about it.
struct Sent {
    var method = "GET"
    var target = "/"
    var version = "HTTP/1.1"
    var host: String?
    var fields: [(name: String, value: String)] = []
    var body: [UInt8]?
    /// `nil` for the true one.
    var bodyLength: String?

    var bytes: [UInt8] {
        var head = "\(method) \(target) \(version)\r\n"
        if let host { head += "Host: \(host)\r\n" }
        for field in fields { head += "\(field.name): \(field.value)\r\n" }
        if let body { head += "Content-Length: \(bodyLength ?? String(body.count))\r\n" }
        return Array((head + "Connection: close\r\n\r\n").utf8) + (body ?? [])
    }

    mutating func set(_ name: String, _ value: String?) {
        fields.removeAll { $0.name.lowercased() == name.lowercased() }
        if let value { fields.append((name, value)) }
    }
}

/// The browser that was let in.
struct Browser: Sendable {
    let client: RawClient
    let cookie: String

    var host: String { "127.0.0.1:\(client.port)" }

    init(at address: Address) async throws {
        let client = RawClient(port: address.port)
        let sent = Sent(target: "/?token=\(address.token)", host: "127.0.0.1:\(address.port)")
        let answer = try #require(await blocking { client.send(sent.bytes) })
        let field = try #require(answer.fields["set-cookie"])
        cookie = String(field.prefix { $0 != ";" })
        self.client = client
    }

    func get(_ target: String) -> Sent {
        Sent(target: target, host: host, fields: [("Cookie", cookie)])
    }

    func post(_ target: String, _ fields: [(String, String)]) -> Sent {
        let text = fields.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
        return Sent(
            method: "POST", target: target, host: host,
            fields: [
                ("Cookie", cookie), ("Origin", "http://" + host),
                ("Content-Type", "application/x-www-form-urlencoded"),
            ], body: Array(text.utf8))
    }

    /// A file as script sends it.
    func drop(_ bytes: [UInt8], named name: String) -> Sent {
        Sent(
            method: "POST", target: "/dropped?name=\(encoded(name))", host: host,
            fields: [
                ("Cookie", cookie), ("Origin", "http://" + host),
                ("Content-Type", "application/octet-stream"),
            ], body: bytes)
    }

    /// Waits until the last answer has taken effect.
    func waitUntilCompared() async throws {
        while try await !load("/progress").text.contains("\"rest\"") {
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    func load(_ target: String) async throws -> Answer { try await send(get(target)) }

    func send(_ sent: Sent) async throws -> Answer {
        let bytes = sent.bytes
        return try #require(await blocking { client.send(bytes) }, "no answer")
    }

    private func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                String(UnicodeScalar(byte))
            default: "%" + String(format: "%02X", Int(byte))
            }
        }.joined()
    }
}

/// Runs what blocks on a thread of its own, beside the server that shares Swift's.
func blocking<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: work()) }
    }
}
