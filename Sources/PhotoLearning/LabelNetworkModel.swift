internal import CImageNetwork
internal import FaceCore
internal import SystemPackage

/// The loaded label network: read once, shared by the ``LabelNetwork`` of every worker.
///
/// Takes about 90 MB, twice that while reading, and a fraction of a second.
public final class LabelNetworkModel: Sendable {
    /// The first of ImageNet's terms for each class, in the network's order.
    let names: [String]
    let file: LabelNetworkFile

    // Safe to share: CImageNetwork never changes a network, and it ends only in deinit.
    nonisolated(unsafe) let handle: OpaquePointer

    /// - Throws: ``LabelNetworkError``. The file must be of this architecture, whole, with a label
    ///   for each class and finite weights; whose weights, it cannot tell.
    public init(_ file: LabelNetworkFile) throws(LabelNetworkError) {
        var made: OpaquePointer?
        try file.call { error in
            file.path.withPlatformString { cimagenet_network_create($0, &made, &error) }
        }
        let handle = made!  // No nil: the call did not fail.
        self.file = file
        self.handle = handle
        names = (0..<CIMAGENET_CLASS_COUNT).map { Self.name(of: $0, handle) }
    }

    deinit {
        cimagenet_network_destroy(handle)
    }

    private static func name(of number: Int, _ handle: OpaquePointer) -> String {
        let text = withUnsafeTemporaryAllocation(
            of: CChar.self, capacity: Int(CIMAGENET_LABEL_CAPACITY)
        ) { label in
            // A class of the network, room for any label: it cannot fail.
            let status = cimagenet_label(handle, Int32(number), label.baseAddress, nil)
            precondition(Int(status) == CIMAGENET_OK, "a class without a label")
            return String(
                decoding: label.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return firstTerm(of: text)
    }

    /// `lakeside` of `lakeside, lakeshore`; all of it when the first term is empty.
    static func firstTerm(of label: String) -> String {
        let term = label.prefix { $0 != "," }
        let trimmed = term.drop { $0.isWhitespace }
        guard let last = trimmed.lastIndex(where: { !$0.isWhitespace }) else { return label }
        return String(trimmed[...last])
    }
}

extension LabelNetworkFile {
    /// Calls into C about this network.
    func call(_ body: (inout cimagenet_error) -> Int32) throws(LabelNetworkError) {
        var error = cimagenet_error()
        let status = body(&error)
        guard Int(status) != CIMAGENET_OK else { return }
        let code: FailureCode =
            switch Int(status) {
            case CIMAGENET_NO_FILE: .missing
            case CIMAGENET_BAD_FILE: .damaged
            case CIMAGENET_OUT_OF_MEMORY: .outOfMemory
            default: .failed
            }
        let text = withUnsafeBytes(of: error.message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        throw LabelNetworkError(code: code, path: path, reason: text)
    }
}
