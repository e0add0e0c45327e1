/// How well photos were judged whose labels were not learnt from.
public struct KeepFigures: Hashable, Sendable, Codable {
    public let keepCount: Int
    public let discardCount: Int
    /// Judged as they are labelled.
    public let rightCount: Int
    /// Judged to be discarded.
    public let calledDiscardCount: Int
    /// Judged to be discarded, and labelled so.
    public let rightDiscardCount: Int

    public var photoCount: Int { keepCount + discardCount }
    /// The fraction 0...1 that is judged as labelled.
    public var accuracy: Double { share(rightCount, of: photoCount) }
    /// The same for whoever says of all photos what most of them are.
    public var majorityAccuracy: Double { share(max(keepCount, discardCount), of: photoCount) }
    /// Of the photos judged to be discarded, the fraction that is labelled so; 0 without any.
    public var discardPrecision: Double { share(rightDiscardCount, of: calledDiscardCount) }
    /// Of the photos labelled as discarded, the fraction that is judged so; 0 without any.
    public var discardRecall: Double { share(rightDiscardCount, of: discardCount) }

    package init(isKept: [Bool], probabilities: [Double]) {
        precondition(isKept.count == probabilities.count, "a photo without a judgement")
        let pairs = Array(zip(isKept, probabilities.map { $0 >= 0.5 }))
        keepCount = isKept.count { $0 }
        discardCount = isKept.count - keepCount
        rightCount = pairs.count { $0.0 == $0.1 }
        calledDiscardCount = pairs.count { !$0.1 }
        rightDiscardCount = pairs.count { !$0.0 && !$0.1 }
    }

    enum CodingKeys: String, CodingKey {
        case keepCount, discardCount, rightCount, calledDiscardCount, rightDiscardCount
        case accuracy, majorityAccuracy, discardPrecision, discardRecall
    }

    /// The counts; the fractions beside them are for whoever reads them.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        keepCount = try values.decode(Int.self, forKey: .keepCount)
        discardCount = try values.decode(Int.self, forKey: .discardCount)
        rightCount = try values.decode(Int.self, forKey: .rightCount)
        calledDiscardCount = try values.decode(Int.self, forKey: .calledDiscardCount)
        rightDiscardCount = try values.decode(Int.self, forKey: .rightDiscardCount)
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(keepCount, forKey: .keepCount)
        try values.encode(discardCount, forKey: .discardCount)
        try values.encode(rightCount, forKey: .rightCount)
        try values.encode(calledDiscardCount, forKey: .calledDiscardCount)
        try values.encode(rightDiscardCount, forKey: .rightDiscardCount)
        try values.encode(accuracy, forKey: .accuracy)
        try values.encode(majorityAccuracy, forKey: .majorityAccuracy)
        try values.encode(discardPrecision, forKey: .discardPrecision)
        try values.encode(discardRecall, forKey: .discardRecall)
    }

    private func share(_ part: Int, of whole: Int) -> Double {
        whole == 0 ? 0 : Double(part) / Double(whole)
    }
}

/// What learning came to.
public struct KeepReport: Hashable, Sendable, Codable {
    /// Which photos were held out.
    public enum Split: String, Hashable, Sendable, Codable {
        /// The last fifth, by time.
        case lastFifth
        /// Every fifth of 25 stretches of time: the last fifth was nearly all of one kind.
        case everyFifthStretch
        /// A fifth of either kind, moment by moment, by lot: so were the stretches.
        case fifthOfEither
    }

    public enum Verdict: String, Hashable, Sendable, Codable {
        /// It judges photos it never saw better than the majority guess, and not by luck.
        case learnt
        /// It does not, or that cannot be told from luck.
        case learntNothing
    }

    public let keepCount: Int
    public let discardCount: Int
    /// How many moments the labelled photos are of: those of one are never on both sides.
    public let momentCount: Int
    public let split: Split
    /// Of the fifth that was held out while the other four were learnt from.
    public let heldOut: KeepFigures
    /// Of the four fifths: each judged by what was learnt from others of them.
    public let crossValidated: KeepFigures
    /// How often somebody who guesses would be as good on the held-out fifth; 0...1.
    public let heldOutLuck: Double
    /// The same among the four fifths. The settings were chosen by them: it flatters.
    public let crossValidatedLuck: Double
    public let verdict: Verdict
    /// What the photos are judged by: names of groups of columns.
    public let topics: [String]
    public let bands: KeepBands

    public var labelCount: Int { keepCount + discardCount }
}

/// From which probability on a photo is kept, and up to which it is discarded; between them somebody
/// has to look.
public struct KeepBands: Hashable, Sendable, Codable {
    public enum Band: String, Hashable, Sendable, Codable, CaseIterable {
        case keep, look, discard
    }

    /// Photos that are at least so likely to be kept are; 0...1, and above 1 for none.
    public let keepFrom: Double
    /// Photos that are at most so likely to be kept are discarded; 0...1, and below 0 for none.
    public let discardUpTo: Double

    package init(keepFrom: Double, discardUpTo: Double) {
        self.keepFrom = keepFrom
        self.discardUpTo = discardUpTo
    }

    /// A band is right at least so often, as a fraction of the labelled photos in it. More cannot be
    /// asked for where one label in twenty is wrong, and the bin is looked through anyway.
    static let leastRight = 0.85
    /// Fewer labelled photos in a band say nothing of how often it is right.
    static let leastCount = 5

    /// The widest bands that are right often enough, from even odds of 7 to 3 on.
    ///
    /// - Parameter probabilities: of photos that were not learnt from.
    init(isKept: [Bool], probabilities: [Double]) {
        let photos = Array(zip(isKept, probabilities))
        func isRight(_ band: [(Bool, Double)], _ kept: Bool) -> Bool {
            band.count >= Self.leastCount
                && Double(band.count { $0.0 == kept }) >= Self.leastRight * Double(band.count)
        }
        let steps = stride(from: 70, to: 99, by: 2)
        keepFrom =
            steps.map { Double($0) / 100 }
            .first { step in isRight(photos.filter { $0.1 >= step }, true) } ?? 2
        discardUpTo =
            steps.map { Double(100 - $0) / 100 }
            .first { step in isRight(photos.filter { $0.1 <= step }, false) } ?? -1
    }

    public func band(_ probability: Double) -> Band {
        if probability >= keepFrom { return .keep }
        return probability <= discardUpTo ? .discard : .look
    }
}
