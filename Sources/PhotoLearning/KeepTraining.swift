package import FaceCore

/// A photo, and its owner's label.
package struct LabelledPhoto: Sendable {
    package let photo: KeepPhoto
    /// Of ``KeepFeatures``.
    package let row: [Double]
    package let isKept: Bool

    package init(photo: KeepPhoto, row: [Double], isKept: Bool) {
        self.photo = photo
        self.row = row
        self.isKept = isKept
    }
}

/// Learns which photos are worth keeping, and checks whether it did.
///
/// A fifth of the photos is held out and judged by learning from the other four, which choose all
/// settings by cross-validation. The final model learns from all of them, with those settings.
package struct KeepTraining {
    /// With fewer of a kind, luck may do it: a fifth of them is five.
    package static let leastCount = 25

    private let photos: [LabelledPhoto]
    private let groups: [DuplicateGroup]

    /// - Parameters:
    ///   - photos: each once, in any order.
    ///   - groups: of near-duplicates, of these and other photos.
    package init(_ photos: [LabelledPhoto], groups: [DuplicateGroup]) {
        // Sorted, so that the caller's order does not matter.
        self.photos = photos.sorted { $0.photo.photo.photo < $1.photo.photo.photo }
        self.groups = groups
    }

    /// - Throws: ``KeepError`` `.tooFewLabels` below ``leastCount`` of either kind.
    package func learn() throws(KeepError) -> KeepModel {
        let keepCount = photos.count { $0.isKept }
        let discardCount = photos.count - keepCount
        if let few = TooFewLabels(keepCount: keepCount, discardCount: discardCount) {
            throw .tooFewLabels(few)
        }
        let units = KeepUnits(photos.map(\.photo), groups: groups)
        let (kind, split) = Self.split(units, photos.map(\.isKept))
        let learnt = split.learnt.map { photos[$0] }
        let heldOut = split.heldOut.map { photos[$0] }
        let trial = try Trial(learnt, groups)
        let choice = try trial.best()
        let judged = try choice.classifier(for: learnt).probabilities(of: heldOut.map(\.row))
        let heldOutLuck = Self.luck(
            heldOut.map(\.isKept), judged, Self.moments(units, split.heldOut))
        let crossLuck = Self.luck(learnt.map(\.isKept), choice.probabilities, trial.moments)
        let hasLearnt = heldOutLuck <= Self.heldOutLimit && crossLuck <= Self.crossLimit

        let all = try Trial(photos, groups)
        let last = try all.evaluated(choice.settings, choice.topics, choice.emphasis)
        let report = KeepReport(
            keepCount: keepCount, discardCount: discardCount, momentCount: units.all.count,
            split: kind,
            heldOut: KeepFigures(isKept: heldOut.map(\.isKept), probabilities: judged),
            crossValidated: KeepFigures(
                isKept: learnt.map(\.isKept), probabilities: choice.probabilities),
            heldOutLuck: heldOutLuck, crossValidatedLuck: crossLuck,
            verdict: hasLearnt ? .learnt : .learntNothing,
            topics: choice.topics.sorted { $0.rawValue < $1.rawValue }.map { "\($0)" },
            bands: KeepBands(isKept: photos.map(\.isKept), probabilities: last.probabilities))
        return KeepModel(
            report: report,
            classifier: try last.classifier(for: photos).bytes(
                featureVersion: KeepFeatures.version))
    }

    // MARK: Holding out

    /// A side needs this many of either kind, to learn from and to judge.
    private static let leastHeldOut = 5
    private static let leastLearnt = 15

    /// The first way to hold a fifth out that leaves both kinds on both sides.
    private static func split(
        _ units: KeepUnits, _ isKept: [Bool]
    ) -> (KeepReport.Split, KeepUnits.Split) {
        func isUseful(_ split: KeepUnits.Split) -> Bool {
            [true, false].allSatisfy { kind in
                split.heldOut.count { isKept[$0] == kind } >= leastHeldOut
                    && split.learnt.count { isKept[$0] == kind } >= leastLearnt
            }
        }
        let last = units.lastFifth
        if isUseful(last) { return (.lastFifth, last) }
        let stretches = units.everyFifthStretch
        if isUseful(stretches) { return (.everyFifthStretch, stretches) }
        return (.fifthOfEither, units.fifthOfEither(isKept))
    }

    // MARK: Luck

    /// How often luck alone may pass for learning on the held-out fifth. Five of a kind, all judged
    /// right, are 1 in 32.
    private static let heldOutLimit = 0.05
    /// The same for the four fifths, which also chose the settings; both limits apply.
    private static let crossLimit = 0.01

    /// How often a coin toss, wherever the model departs from the majority guess, would be as right
    /// as the model: a sign test, in which all photos of one moment have one vote.
    private static func luck(
        _ isKept: [Bool], _ probabilities: [Double], _ moments: [[Int]]
    ) -> Double {
        let majority = 2 * isKept.count { $0 } >= isKept.count
        let votes = moments.map { moment in
            moment.reduce(0) { sum, photo in
                let judged = probabilities[photo] >= 0.5
                guard judged != majority else { return sum }
                return sum + (judged == isKept[photo] ? 1 : -1)
            }
        }
        return chanceOfLuck(wins: votes.count { $0 > 0 }, of: votes.count { $0 != 0 })
    }

    /// The moments of some photos, as positions in `photos`.
    private static func moments(_ units: KeepUnits, _ photos: [Int]) -> [[Int]] {
        let position = Dictionary(uniqueKeysWithValues: photos.enumerated().map { ($1, $0) })
        return units.all.map { $0.compactMap { position[$0] } }.filter { !$0.isEmpty }
    }
}

/// Photos for trying out settings by cross-validation.
private struct Trial {
    private let photos: [LabelledPhoto]
    /// For each photo, its part.
    private let folds: [Int]
    let moments: [[Int]]
    private let groups: [DuplicateGroup]
    /// For each part, how much every column says in the other parts.
    private let relevance: [[Double]]

    init(_ photos: [LabelledPhoto], _ groups: [DuplicateGroup]) throws(KeepError) {
        self.photos = photos
        self.groups = groups
        let units = KeepUnits(photos.map(\.photo), groups: groups)
        let folds = units.folds
        self.folds = folds
        moments = units.all
        relevance = (0..<Self.foldCount).map { fold in
            KeepRelevance.ofColumns(photos.indices.filter { folds[$0] != fold }.map { photos[$0] })
        }
    }

    /// The result of settings.
    struct Outcome {
        let settings: KeepClassifier.Settings
        let topics: Set<KeepFeatures.Topic>
        let emphasis: Double
        let fit: KeepClassifier.Fit
        /// For every photo, by learning from the other parts.
        let probabilities: [Double]
        /// The cost of the labels at those probabilities; smaller is better.
        let loss: Double

        func classifier(for photos: [LabelledPhoto]) throws(KeepError) -> KeepClassifier {
            let classifier = try KeepClassifier.learn(
                photos.map(\.row), isKept: photos.map(\.isKept),
                weights: KeepRelevance.weights(
                    of: topics, KeepRelevance.ofColumns(photos), emphasis: emphasis), settings)
            try classifier.calibrate(fit)
            return classifier
        }
    }

    static let foldCount = 5
    private static let costs = [0.5, 2, 8, 32]
    /// Divided by the number of topics: each adds as much to a squared distance.
    private static let sharpnesses = [0.1, 0.3, 1, 3]
    /// How much more the columns count that say more by themselves.
    private static let emphases = [0.0, 1, 2, 4, 6]
    /// Neither strict nor lax: with these the topics are chosen.
    private static let (middleCost, middleSharpnesses) = (2.0, [0.3, 1, 3])
    /// Above this many photos some of them choose the settings, with the same result.
    private static let enough = 600

    /// The settings with the least loss; of equal ones the first. Topics are chosen first, then the
    /// rest.
    func best() throws(KeepError) -> Outcome {
        guard photos.count <= Self.enough else {
            let some = try Trial(Self.some(of: photos, moments), groups).best()
            return try evaluated(some.settings, some.topics, some.emphasis)
        }
        var best: Outcome?
        func attempt(
            _ cost: Double, _ sharpness: Double, _ topics: Set<KeepFeatures.Topic>,
            _ emphasis: Double
        ) throws(KeepError) {
            let settings = KeepClassifier.Settings(
                cost: cost, sharpness: sharpness / Double(topics.count))
            let outcome = try evaluated(settings, topics, emphasis)
            if outcome.loss < best?.loss ?? .infinity { best = outcome }
        }
        for topics in candidates {
            for emphasis in Self.emphases {
                for sharpness in Self.middleSharpnesses {
                    try attempt(Self.middleCost, sharpness, topics, emphasis)
                }
            }
        }
        let chosen = best!  // No nil: a loss is finite, and there are settings.
        for cost in Self.costs {
            for sharpness in Self.sharpnesses {
                try attempt(cost, sharpness, chosen.topics, chosen.emphasis)
            }
        }
        return best ?? chosen
    }

    /// The sets of topics to judge by; the simplest first.
    private var candidates: [Set<KeepFeatures.Topic>] {
        let simple: [Set<KeepFeatures.Topic>] = [
            [.faces, .people], [.faces, .people, .picture, .company],
            [.faces, .people, .picture, .company, .shape],
        ]
        let hasNetwork = photos.allSatisfy { $0.photo.network != nil }
        return hasNetwork
            ? simple + [
                [.faces, .people, .network], [.faces, .people, .picture, .company, .network],
            ]
            : simple
    }

    /// Whole moments, evenly from all of them, till there are enough photos.
    private static func some(of photos: [LabelledPhoto], _ moments: [[Int]]) -> [LabelledPhoto] {
        let share = Double(enough) / Double(photos.count)
        var (taken, due) = ([Int](), 0.0)
        for moment in moments {
            due += share * Double(moment.count)
            if Double(taken.count + moment.count) <= due + 1 { taken += moment }
        }
        return taken.map { photos[$0] }
    }

    func evaluated(
        _ settings: KeepClassifier.Settings, _ topics: Set<KeepFeatures.Topic>, _ emphasis: Double
    ) throws(KeepError) -> Outcome {
        var scores = [Double](repeating: 0, count: photos.count)
        for fold in 0..<Self.foldCount {
            let tested = photos.indices.filter { folds[$0] == fold }
            let learnt = photos.indices.filter { folds[$0] != fold }
            let isKept = learnt.map { photos[$0].isKept }
            // Without both kinds there is nothing to learn; the scores say nothing.
            guard !tested.isEmpty, Set(isKept).count == 2 else { continue }
            let classifier = try KeepClassifier.learn(
                learnt.map { photos[$0].row }, isKept: isKept,
                weights: KeepRelevance.weights(of: topics, relevance[fold], emphasis: emphasis),
                settings)
            let judged = try classifier.scores(of: tested.map { photos[$0].row })
            for (photo, score) in zip(tested, judged) { scores[photo] = score }
        }
        let isKept = photos.map(\.isKept)
        let fit = try KeepClassifier.Fit(scores: scores, isKept: isKept)
        let probabilities = scores.map(fit.probability)
        let loss = zip(isKept, probabilities).reduce(0) { sum, photo in
            sum + surprise(photo.0 ? 1 - photo.1 : photo.1)
        }
        return Outcome(
            settings: settings, topics: topics, emphasis: emphasis, fit: fit,
            probabilities: probabilities, loss: loss)
    }
}
