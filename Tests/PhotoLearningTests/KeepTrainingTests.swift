import FaceCore
import TestSupport
import Testing

@testable import PhotoLearning

@Suite struct KeepTrainingTests {
    @Test("A rule that people follow is learnt, even if a twentieth of the labels is wrong", .slow)
    func learnsARule() throws {
        var accuracies: [Double] = []
        for seed in UInt64(1)...6 {
            let owner = KeepOwner(count: 300, seed: seed)
            let report = try owner.learn(owner.labels(wrong: 0.05, seed: seed)).report
            #expect(report.verdict == .learnt && report.split == .lastFifth)
            #expect(report.heldOut.photoCount == 60)
            #expect(report.heldOut.accuracy >= report.heldOut.majorityAccuracy + 0.15)
            accuracies.append(report.heldOut.accuracy)
        }
        // Of 60 photos three are labelled wrong, on average; the rest is the classifier's.
        #expect(accuracies.reduce(0, +) / 6 >= 0.88)
    }

    @Test("What only the label network sees is learnt from its numbers, if all photos have them")
    func network() throws {
        var owner = KeepOwner(count: 150, seed: 2)
        let liked = owner.likeWhatTheNetworkSees(seed: 2)
        let model = try owner.learn(liked)
        #expect(model.report.verdict == .learnt && model.usesNetwork)
        #expect(model.report.heldOut.accuracy >= 0.9)
        var other = KeepOwner(count: 150, seed: 2)
        #expect(other.likeWhatTheNetworkSees(missing: [7], seed: 2) == liked)
        let without = try other.learn(liked)
        #expect(!without.usesNetwork && without.report.verdict == .learntNothing)
    }

    @Test("From labels without a rule it learns nothing, and says so", .slow)
    func randomLabels() throws {
        let owner = KeepOwner(count: 120, seed: 1)
        let learnt = try (UInt64(1)...30).count { seed in
            try owner.learn(owner.randomLabels(seed: seed)).report.verdict == .learnt
        }
        #expect(learnt <= 1)
    }

    @Test("Labels without a rule in which one kind is rare teach nothing either", .slow)
    func rareRandomLabels() throws {
        let owner = KeepOwner(count: 200, seed: 1)
        let learnt = try (UInt64(1)...10).count { seed in
            var random = SplitMix64(seed: seed)
            let labels = (0..<200).map { $0 % 5 != 0 }.shuffled(using: &random)
            return try owner.learn(labels).report.verdict == .learnt
        }
        #expect(learnt <= 1)
    }

    @Test(
        "Too few labels are refused with the number missing of each kind",
        arguments: [(0, 0, 25, 25), (24, 25, 1, 0), (25, 7, 0, 18), (80, 0, 0, 25)])
    func tooFew(keep: Int, discard: Int, missingKeep: Int, missingDiscard: Int) throws {
        let owner = KeepOwner(count: keep + discard, seed: 1)
        let labels = (0..<keep + discard).map { $0 < keep }
        let error = #expect(throws: KeepError.self) { try owner.learn(labels) }
        #expect(
            error
                == .tooFewLabels(
                    TooFewLabels(
                        keepCount: keep, discardCount: discard, missingKeepCount: missingKeep,
                        missingDiscardCount: missingDiscard)))
    }

    @Test("The order of the photos changes nothing, and neither does doing it again")
    func sameResult() throws {
        let owner = KeepOwner(count: 120, seed: 3)
        let labelled = owner.labelled(owner.labels(wrong: 0.05))
        let one = try KeepTraining(labelled, groups: []).learn()
        let other = try KeepTraining(labelled.reversed(), groups: []).learn()
        #expect(one == other)
    }

    @Test("Photos without a date are used in the order of their names")
    func noDates() throws {
        let owner = KeepOwner(count: 300, seed: 2, seconds: nil)
        let report = try owner.learn(owner.labels()).report
        #expect(report.verdict == .learnt && report.heldOut.photoCount == 60)
    }

    @Test("When the last fifth is all of one kind, stretches of the whole event are held out")
    func oneSided() throws {
        let owner = KeepOwner(count: 300, seed: 4)
        let labels = zip(0..., owner.labels()).map { $0 >= 230 || $1 }
        let report = try owner.learn(labels).report
        #expect(report.split == .everyFifthStretch)
        #expect(report.heldOut.discardCount >= 5 && report.verdict == .learnt)
    }

    @Test("When all discarded photos are of one moment, nothing can be learnt")
    func oneMoment() throws {
        var owner = KeepOwner(count: 100, seed: 5)
        let burst = owner.photos[40..<80].map(\.photo.photo)
        owner.groups = [KeepUnitsTests.group(Array(burst))]
        let report = try owner.learn((0..<100).map { !(40..<80).contains($0) }).report
        #expect(report.verdict == .learntNothing && report.split == .fifthOfEither)
    }

    @Test("Bands leave out what is too seldom right")
    func bands() {
        let sure = KeepBands(
            isKept: (0..<40).map { $0 >= 20 }, probabilities: (0..<40).map { $0 < 20 ? 0.1 : 0.9 })
        #expect(sure.band(0.7) == .keep && sure.band(0.69) == .look && sure.band(0.3) == .discard)
        let unsure = KeepBands(
            isKept: (0..<40).map { $0 % 4 == 0 }, probabilities: (0..<40).map { _ in 0.95 })
        #expect(unsure.band(1) == .look && unsure.band(0) == .look)
    }

    @Test("Luck is that of a fair coin")
    func luck() {
        #expect(chanceOfLuck(wins: 0, of: 0) == 1)
        #expect(abs(chanceOfLuck(wins: 3, of: 3) - 0.125) < 1e-12)
        #expect(abs(chanceOfLuck(wins: 8, of: 10) - 56.0 / 1024) < 1e-12)
        #expect(chanceOfLuck(wins: 600, of: 1000) < 1e-9)
    }
}
