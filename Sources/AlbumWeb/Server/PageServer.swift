public import FaceCore
public import AlbumKit
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import Synchronization
internal import SystemPackage

/// The pages of one command: a web server for this computer only, and only for the browser that
/// opened its address.
public final class PageServer: Sendable {
    private let desk: any PageSite
    private let wantedPort: Int?
    private let token: Secret
    private let key: Secret
    private let access = Mutex<Access?>(nil)
    private let connections: Connections

    /// The pages on which a host names groups, answers questions and sorts.
    ///
    /// - Parameters:
    ///   - review: the groups and questions.
    ///   - album: the album of `review`; it is sorted from the pages.
    ///   - port: 1...65535; `nil` for one that is free.
    ///   - environment: for ``/AlbumKit/Sorter``, to find the model files.
    public convenience init(
        review: Review, album: Album, port: Int?, environment: [String: String]
    ) {
        self.init(
            ReviewSite(
                review: review, sorting: AlbumSorting(album, environment: environment)), port: port)
    }

    /// The pages on which a user looks through photos before they are moved into a bin.
    ///
    /// - Parameters:
    ///   - look: the caller closes it, after ``run(until:onReady:)``.
    ///   - port: 1...65535; `nil` for one that is free.
    public convenience init(look: CleaningReview, port: Int?) {
        self.init(CleanSite(look), port: port)
    }

    /// The page on which photos are labelled one by one; `port` is 1...65535, or `nil` for a free one.
    package convenience init(labelling: KeepLabelling, port: Int?) {
        self.init(KeepLabelSite(labelling: labelling), port: port)
    }

    /// The pages on which a user looks through judged photos before they are moved.
    ///
    /// - Parameters:
    ///   - keep: the caller closes it, after ``run(until:onReady:)``.
    ///   - port: 1...65535; `nil` for one that is free.
    package convenience init(keep: KeepReview, port: Int?) {
        self.init(KeepSite(keep), port: port)
    }

    init(_ desk: any PageSite, port: Int?, patience: Connections.Patience = .init()) {
        self.desk = desk
        wantedPort = port
        connections = Connections(patience: patience)
        var generator = SystemRandomNumberGenerator()
        token = Secret(from: &generator)
        key = Secret(from: &generator)
    }

    /// Serves the pages until `interruption` is requested; then work that moves files finishes the
    /// file in hand.
    ///
    /// `onReady` is called once, with the address to open, when the server listens.
    ///
    /// - Throws: ``/AlbumKit/AlbumError`` `.setting` when the port cannot be used, `.file` when none
    ///   is free.
    public func run(
        until interruption: Interruption, onReady: @escaping @Sendable (String) -> Void
    ) async throws {
        let application = application(onReady)
        let connections = connections
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await application.run() }
                group.addTask {
                    while !interruption.isRequested {
                        try await Task.sleep(for: Self.lookInterval)
                        connections.closeIdle()
                    }
                }
                _ = try await group.next()
                group.cancelAll()
            }
        } catch is CancellationError {
            // It was asked to stop.
        } catch let error as IOError {
            throw Self.refusal(Errno(rawValue: error.errnoCode), port: wantedPort) ?? error
        }
        await desk.finish()
    }

    /// An address that opens the pages once, within a minute, in a browser of this user: it may be
    /// an argument of another program, which every user of the computer can read.
    ///
    /// - Returns: `nil` before the server listens, and when the system does not tell which user a
    ///   connection belongs to.
    public func addressForOneVisit() -> String? {
        guard Caller.isTold else { return nil }
        var generator = SystemRandomNumberGenerator()
        let word = Secret(from: &generator)
        return access.withLock { access in
            access?.pass = Pass(word)
            return access.map { "http://127.0.0.1:\($0.port)/?once=\(word.text)" }
        }
    }

    /// How often the server checks for a request to stop, and for idle connections.
    private static let lookInterval = Duration.milliseconds(50)
    /// Above ``Connections/usualCount``, waiting connections are closed; this many can be busy.
    private static let maximumConnectionCount = 2 * Connections.usualCount
    private static let maximumHeaderByteCount = 16 * 1024

    private func application(_ onReady: @escaping @Sendable (String) -> Void)
        -> Application<PageResponder>
    {
        // The server logs only about connections, and standard error is for the user.
        var logger = Logger(label: "facesort", factory: { _ in SwiftLogNoOpLogHandler() })
        logger.logLevel = .critical
        return Application(
            responder: PageResponder(
                desk: desk, queues: BlockingQueues(pictureCount: Self.pictureCount),
                connections: connections, access: { [self] in access.withLock { $0 } }),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [ConnectionWatch(self.connections)],
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: Self.maximumHeaderByteCount,
                        maxHeaderListSize: 2 * Self.maximumHeaderByteCount,
                        maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: wantedPort ?? 0),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    Self.maximumConnectionCount)),
            onServerRunning: { [self] channel in
                guard let port = channel.localAddress?.port else { return }
                access.withLock { $0 = Access(port: port, token: token, key: key) }
                onReady("http://127.0.0.1:\(port)/?token=\(token.text)")
            },
            logger: logger)
    }

    /// Two decode while others wait for the disk.
    private static let pictureCount = 3

    /// Why there is no port to listen on; `nil` for other errors.
    static func refusal(_ error: Errno, port: Int?) -> (any Error)? {
        switch (error, port) {
        case (.addressInUse, nil):
            AlbumError(
                .file, "", "no port is free on this machine, so the pages cannot be served",
                remedy: "Nothing was started. End programs that have many connections open, or "
                    + "wait a minute, then run it again.", underlying: error)
        case (.addressInUse, let port?): refused(port, "is in use by another program", error)
        case (.permissionDenied, let port?): refused(port, "may not be used by this user", error)
        default: nil
        }
    }

    private static func refused(_ port: Int, _ reason: String, _ error: Errno) -> AlbumError {
        AlbumError(
            .setting, "--port \(port)", reason,
            remedy: "Nothing was started. Name another port, or leave '--port' out: a free one is "
                + "found.", underlying: error)
    }
}
