internal import NIOCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Who is at the other end of a connection within this computer.
struct Caller: Sendable {
    /// The port at the other end.
    let port: Int
    let ourPort: Int

    init?(_ channel: any Channel) {
        guard let port = channel.remoteAddress?.port, let ourPort = channel.localAddress?.port
        else { return nil }
        self.port = port
        self.ourPort = ourPort
    }

    /// Whether the system tells which user a connection belongs to.
    static var isTold: Bool { access(tables[0], R_OK) == 0 }

    /// Whether the connection belongs to this user, or to the administrator, who may read
    /// everything anyway: a browser outside a virtual machine connects that way. `false` when the
    /// system does not tell.
    var isOurs: Bool {
        let user = Self.tables.lazy.compactMap { table in
            Self.lines(of: table).lazy.compactMap(Row.init).first(where: isMine)?.user
        }.first
        return user == geteuid() || user == 0
    }

    private func isMine(_ row: Row) -> Bool {
        row.isEstablished && row.local.isLoopback && row.remote.isLoopback
            && row.local.port == port && row.remote.port == ourPort
    }

    /// The second lists the connections of programs that reach an IPv4 address by IPv6.
    private static let tables = ["/proc/net/tcp", "/proc/net/tcp6"]

    private static func lines(of table: String) -> [Substring] {
        guard let file = fopen(table, "r") else { return [] }
        defer { fclose(file) }
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&part, 1, part.count, file)
            guard count > 0 else { break }
            text += part[..<count]
        }
        return String(decoding: text, as: UTF8.self).split(separator: "\n")
    }

    /// A line of such a table; see proc(5).
    private struct Row {
        struct End {
            let isLoopback: Bool
            let port: Int

            init?(_ text: Substring) {
                let parts = text.split(separator: ":")
                guard parts.count == 2, let port = Int(parts[1], radix: 16) else { return nil }
                // 127.0.0.1 in the order of this computer's bytes, or the last of four such words.
                let loopback = String(UInt32(0x7F00_0001).bigEndian, radix: 16, uppercase: true)
                let padded = String(repeating: "0", count: 8 - loopback.count) + loopback
                isLoopback = parts[0].hasSuffix(padded)
                self.port = port
            }
        }

        let local: End
        let remote: End
        /// `false` when the other end was closed: such a connection has no user, and the table then
        /// says the administrator.
        let isEstablished: Bool
        let user: uid_t

        init?(_ line: Substring) {
            let words = line.split(separator: " ")
            guard words.count > 7, let local = End(words[1]), let remote = End(words[2]),
                let user = uid_t(words[7])
            else { return nil }
            self.local = local
            self.remote = remote
            isEstablished = words[3] == "01"
            self.user = user
        }
    }
}
