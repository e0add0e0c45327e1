internal import Foundation

/// What was learnt, and how well.
package struct KeepModel: Hashable, Sendable, Codable {
    package let report: KeepReport
    /// Of the native classifier, with its own length and checksum.
    private let classifier: Data

    init(report: KeepReport, classifier: [UInt8]) {
        self.report = report
        self.classifier = Data(classifier)
    }

    /// Whether it judges by the label network's numbers, too: photos without them cannot be judged.
    package var usesNetwork: Bool { report.topics.contains("\(KeepFeatures.Topic.network)") }

    /// How likely photos are to be kept; 0...1, in the order of `rows`.
    ///
    /// - Parameter rows: of ``KeepFeatures``.
    /// - Throws: ``KeepError`` `.damaged` or `.otherFeatures`.
    package func probabilities(of rows: [[Double]]) throws(KeepError) -> [Double] {
        try read().probabilities(of: rows)
    }

    /// - Throws: ``KeepError`` `.damaged` or `.otherFeatures` if it cannot be used.
    package func check() throws(KeepError) {
        _ = try read()
    }

    private func read() throws(KeepError) -> KeepClassifier {
        try KeepClassifier.read(
            Array(classifier), dimension: KeepFeatures.dimension,
            featureVersion: KeepFeatures.version)
    }
}
