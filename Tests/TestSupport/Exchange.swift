#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Sends bytes to a port of this computer and reads the answer, until the connection closes or the
/// answer is long enough.
///
/// - Parameter endsSending: whether the other side learns at once that no more bytes come.
/// - Returns: `nil` when no bytes came back.
package func exchange(
    _ bytes: [UInt8], withPort port: Int, endsSending: Bool, patienceInSeconds: Int = 60,
    isEnough: ([UInt8]) -> Bool = { _ in false }
) -> [UInt8]? {
    guard let connection = connection(toPort: port) else { return nil }
    defer { close(connection) }
    #if canImport(Glibc)
        // A server may close the connection early; that must not end the test.
        let flags = Int32(MSG_NOSIGNAL)
    #else
        let flags: Int32 = 0
    #endif
    var patience = timeval(tv_sec: patienceInSeconds, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
        setsockopt(
            connection, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    var sent = 0
    while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes {
            send(connection, $0.baseAddress, $0.count, flags)
        }
        guard count > 0 else { break }
        sent += count
    }
    if endsSending { shutdown(connection, Int32(SHUT_WR)) }
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { break }
        received += buffer[..<count]
        if isEnough(received) { break }
    }
    return received.isEmpty ? nil : received
}

/// A connection to a port of this computer, which the caller closes; `nil` when there is none.
package func connection(toPort port: Int) -> Int32? {
    #if canImport(Glibc)
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
        let connection = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard connection >= 0 else { return nil }
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = in_port_t(port).bigEndian
    place.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let isConnected = withUnsafePointer(to: &place) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
    if isConnected { return connection }
    close(connection)
    return nil
}
