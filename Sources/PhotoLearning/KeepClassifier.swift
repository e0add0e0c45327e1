internal import CKeepClassifier

/// The native classifier: tells rows of numbers like those of kept photos from others.
///
/// Not `Sendable`: one thread at a time.
final class KeepClassifier {
    /// How it learns; see `ckeep_settings`.
    struct Settings: Hashable {
        let cost: Double
        let sharpness: Double
    }

    /// How scores become probabilities; see `ckeep_fit`.
    struct Fit: Hashable {
        let slope: Double
        let offset: Double

        /// - Precondition: as many scores as labels, and labels of both kinds.
        init(scores: [Double], isKept: [Bool]) throws(KeepError) {
            precondition(scores.count == isKept.count, "a score without a label")
            var fit = ckeep_fit()
            let labels = isKept.map { UInt8($0 ? 1 : 0) }
            try call { ckeep_fit_probabilities(scores, labels, scores.count, &fit, &$0) }
            (slope, offset) = (fit.slope, fit.offset)
        }

        func probability(_ score: Double) -> Double {
            1 / (1 + exponential(slope * score + offset))
        }
    }

    private let handle: OpaquePointer

    private init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit { ckeep_destroy(handle) }

    /// Learns.
    ///
    /// - Parameter weights: how much each column counts; at least 0, one of them above.
    /// - Precondition: `rows` are as long as `weights`, all finite, as many as `isKept`, which has
    ///   both kinds.
    static func learn(
        _ rows: [[Double]], isKept: [Bool], weights: [Double], _ settings: Settings
    ) throws(KeepError) -> KeepClassifier {
        precondition(rows.count == isKept.count, "a row without a label")
        var made: OpaquePointer?
        let labels = isKept.map { UInt8($0 ? 1 : 0) }
        let flat = Array(rows.joined())
        precondition(flat.count == rows.count * weights.count, "a row of another length")
        var chosen = ckeep_settings(cost: settings.cost, sharpness: settings.sharpness)
        try call {
            ckeep_train(
                flat, rows.count, weights.count, labels, weights, &chosen, &made, &$0)
        }
        return KeepClassifier(made!)  // No nil: the call did not fail.
    }

    func calibrate(_ fit: Fit) throws(KeepError) {
        var given = ckeep_fit(slope: fit.slope, offset: fit.offset)
        try call { ckeep_calibrate(handle, &given, &$0) }
    }

    /// Above 0 for photos more likely to be kept.
    func scores(of rows: [[Double]]) throws(KeepError) -> [Double] {
        try judge(rows).scores
    }

    /// How likely each photo is to be kept; 0...1.
    func probabilities(of rows: [[Double]]) throws(KeepError) -> [Double] {
        try judge(rows).probabilities
    }

    private func judge(
        _ rows: [[Double]]
    ) throws(KeepError) -> (scores: [Double], probabilities: [Double]) {
        guard let dimension = rows.first?.count else { return ([], []) }
        var scores = [Double](repeating: 0, count: rows.count)
        var probabilities = scores
        let flat = Array(rows.joined())
        precondition(flat.count == rows.count * dimension, "a row of another length")
        try call {
            ckeep_judge(handle, flat, rows.count, dimension, &scores, &probabilities, &$0)
        }
        return (scores, probabilities)
    }

    func bytes(featureVersion: UInt32) throws(KeepError) -> [UInt8] {
        var count = 0
        try call { ckeep_serialise(handle, featureVersion, nil, 0, &count, &$0) }
        var bytes = [UInt8](repeating: 0, count: count)
        try call { ckeep_serialise(handle, featureVersion, &bytes, count, &count, &$0) }
        return bytes
    }

    /// Reads what ``bytes(featureVersion:)`` wrote.
    static func read(
        _ bytes: [UInt8], dimension: Int, featureVersion: UInt32
    ) throws(KeepError) -> KeepClassifier {
        var made: OpaquePointer?
        try call {
            ckeep_deserialise(bytes, bytes.count, dimension, featureVersion, &made, &$0)
        }
        return KeepClassifier(made!)  // No nil: the call did not fail.
    }
}

/// Calls into C.
///
/// - Precondition: the arguments make sense; else it is a bug of this module.
private func call(_ body: (inout ckeep_error) -> Int32) throws(KeepError) {
    var error = ckeep_error()
    let status = body(&error)
    guard status != CKEEP_OK else { return }
    let message = withUnsafeBytes(of: error.message) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    switch Int(status) {
    case CKEEP_DAMAGED: throw .damaged(message)
    case CKEEP_OTHER_VERSION: throw .otherFeatures
    case CKEEP_BAD_ARGUMENT: preconditionFailure(message)
    default: throw .failed(message)
    }
}
