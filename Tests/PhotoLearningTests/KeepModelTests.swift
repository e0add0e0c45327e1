import FaceCore
import Foundation
import TestSupport
import Testing

@testable import PhotoLearning

@Suite struct KeepModelTests {
    private let rows: [[Double]]
    private let isKept: [Bool]
    private let classifier: KeepClassifier

    init() throws {
        var random = SplitMix64(seed: 1)
        let rows = (0..<40).map { _ in
            (0..<3).map { _ in Double.random(in: -1...1, using: &random) }
        }
        self.rows = rows
        isKept = rows.map { $0[0] * $0[1] > 0 }
        classifier = try KeepClassifier.learn(
            rows, isKept: isKept, weights: [1, 1, 0],
            KeepClassifier.Settings(cost: 10, sharpness: 1))
        try classifier.calibrate(
            KeepClassifier.Fit(scores: classifier.scores(of: rows), isKept: isKept))
    }

    @Test("Kinds that no line separates are learnt; a column without weight does not count")
    func learns() throws {
        let probabilities = try classifier.probabilities(of: rows)
        #expect(zip(probabilities, isKept).count { ($0 >= 0.5) == $1 } >= 38)
        let other = rows.map { [$0[0], $0[1], 99] }
        #expect(try classifier.scores(of: other) == classifier.scores(of: rows))
    }

    @Test("A column that never varies is ignored, and far rows get finite scores")
    func farRows() throws {
        let flat = rows.map { [$0[0], 5, $0[2]] }
        let made = try KeepClassifier.learn(
            flat, isKept: isKept, weights: [1, 1, 1],
            KeepClassifier.Settings(cost: 1, sharpness: 1))
        let judged = try made.probabilities(of: [[1e300, -1e300, 0], [0, 0, 0]])
        #expect(judged.allSatisfy { (0...1).contains($0) })
    }

    @Test("Bytes are read as written")
    func bytes() throws {
        let bytes = try classifier.bytes(featureVersion: 7)
        let again = try KeepClassifier.read(bytes, dimension: 3, featureVersion: 7)
        #expect(try again.probabilities(of: rows) == classifier.probabilities(of: rows))
        #expect(try again.bytes(featureVersion: 7) == bytes)
        for (dimension, version) in [(4, 7), (3, 8)] as [(Int, UInt32)] {
            #expect(throws: KeepError.otherFeatures) {
                try KeepClassifier.read(bytes, dimension: dimension, featureVersion: version)
            }
        }
    }

    @Test("Bytes that were cut short, extended or changed anywhere are refused")
    func damagedBytes() throws {
        let bytes = try classifier.bytes(featureVersion: 1)
        func isRefused(_ bytes: [UInt8]) -> Bool {
            do {
                _ = try KeepClassifier.read(bytes, dimension: 3, featureVersion: 1)
                return false
            } catch {
                return true
            }
        }
        for count in bytes.indices { #expect(isRefused(Array(bytes[..<count]))) }
        #expect(isRefused(bytes + [0]))
        for index in bytes.indices {
            for bit in [0, 3, 7] {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                #expect(isRefused(changed))
            }
        }
    }

    @Test("A model survives JSON; one with a damaged classifier is refused")
    func model() throws {
        let owner = KeepOwner(count: 100, seed: 1)
        let model = try owner.learn(owner.labels())
        let json = try JSONEncoder().encode(model)
        let again = try JSONDecoder().decode(KeepModel.self, from: json)
        let rows = owner.labelled(owner.labels()).map(\.row)
        #expect(again == model)
        #expect(try again.probabilities(of: rows) == model.probabilities(of: rows))
        try again.check()
        let damaged = KeepModel(report: model.report, classifier: [1, 2, 3])
        #expect(throws: KeepError.self) { try damaged.check() }
        #expect(throws: KeepError.self) { try damaged.probabilities(of: rows) }
    }
}
