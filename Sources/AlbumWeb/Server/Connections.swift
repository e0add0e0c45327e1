internal import NIOCore
internal import Synchronization

/// The open connections: one without a request is closed after a while, or at once when there are
/// too many.
///
/// A connection waits until its request has arrived completely, and again once it is answered.
/// Closing it while it waits loses nothing: a browser opens another one. A time-out that restarts
/// with each byte, as servers usually have, would let a byte now and then hold a place for ever.
final class Connections: Sendable {
    /// How long a connection may wait.
    struct Patience: Sendable {
        /// For the head of its first request. On this computer it takes milliseconds.
        var first = Duration.seconds(10)
        /// For its next request, which comes when a person presses something.
        var next = Duration.seconds(75)
    }

    /// A browser opens six connections at once; more than a few windows' worth is an attack.
    static let usualCount = 64

    private struct Connection {
        let channel: any Channel
        var waitingSince: ContinuousClock.Instant? = .now
        var hasAsked = false
    }

    private let patience: Patience
    private let all = Mutex<[ObjectIdentifier: Connection]>([:])

    init(patience: Patience = Patience()) {
        self.patience = patience
    }

    /// Adds a new one; when there are too many, closes the one that has waited longest.
    func add(_ channel: any Channel) {
        let longest = all.withLock { all -> (any Channel)? in
            all[ObjectIdentifier(channel)] = Connection(channel: channel)
            guard all.count > Self.usualCount else { return nil }
            let waiting = all.filter { $0.value.waitingSince != nil }
            // `waitingSince` is not nil: see the filter.
            let longest = waiting.min { $0.value.waitingSince! < $1.value.waitingSince! }
            return longest.flatMap { all.removeValue(forKey: $0.key)?.channel }
        }
        longest?.close(promise: nil)
    }

    func remove(_ channel: any Channel) {
        all.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// Its request is being answered.
    func begin(_ channel: any Channel) {
        change(channel) { connection in
            connection.waitingSince = nil
            connection.hasAsked = true
        }
    }

    /// Its request is answered.
    func end(_ channel: any Channel) { change(channel) { $0.waitingSince = .now } }

    /// Closes those that waited for too long.
    func closeIdle() {
        let idle = all.withLock { all in
            let now = ContinuousClock.now
            return all.values.filter { connection in
                guard let since = connection.waitingSince else { return false }
                return now - since > (connection.hasAsked ? patience.next : patience.first)
            }
        }
        for connection in idle { connection.channel.close(promise: nil) }
    }

    private func change(_ channel: any Channel, _ body: (inout Connection) -> Void) {
        all.withLock { all in
            let key = ObjectIdentifier(channel)
            guard var connection = all[key] else { return }
            body(&connection)
            all[key] = connection
        }
    }
}

/// Tells ``Connections`` when a connection begins and ends, and when its first head is there: a
/// slow answer is not the browser's fault.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler {
    /// Parts of requests, passed on unchanged; the first is a head.
    typealias InboundIn = NIOAny

    private let connections: Connections
    private var hasHead = false

    init(_ connections: Connections) {
        self.connections = connections
    }

    func handlerAdded(context: ChannelHandlerContext) { connections.add(context.channel) }
    func handlerRemoved(context: ChannelHandlerContext) { connections.remove(context.channel) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !hasHead { connections.begin(context.channel) }
        hasHead = true
        context.fireChannelRead(data)
    }
}
