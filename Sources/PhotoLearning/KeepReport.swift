/// How well it judged labelled photos that it had not learnt from.
public struct KeepFigures: Hashable, Sendable, Codable {
    public let keepCount: Int
    public let discardCount: Int
    /// Judged as labelled.
    public let rightCount: Int
    /// Judged to be discarded.
    public let calledDiscardCount: Int
    /// Judged to be discarded, and labelled so.
    public let rightDiscardCount: Int

    public var photoCount: Int { keepCount + discardCount }
    /// The fraction 0...1 that is judged as labelled.
    public var accuracy: Double { share(rightCount, of: photoCount) }
    /// The same for always answering with the more frequent label.
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

    /// Beside the counts, for human readers.
    private enum Fraction: String, CodingKey {
        case accuracy, majorityAccuracy, discardPrecision, discardRecall
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(keepCount, forKey: .keepCount)
        try values.encode(discardCount, forKey: .discardCount)
        try values.encode(rightCount, forKey: .rightCount)
        try values.encode(calledDiscardCount, forKey: .calledDiscardCount)
        try values.encode(rightDiscardCount, forKey: .rightDiscardCount)
        var fractions = encoder.container(keyedBy: Fraction.self)
        try fractions.encode(accuracy, forKey: .accuracy)
        try fractions.encode(majorityAccuracy, forKey: .majorityAccuracy)
        try fractions.encode(discardPrecision, forKey: .discardPrecision)
        try fractions.encode(discardRecall, forKey: .discardRecall)
    }

    private func share(_ part: Int, of whole: Int) -> Double {
        whole == 0 ? 0 : Double(part) / Double(whole)
    }
}

/// The result of learning.
public struct KeepReport: Hashable, Sendable, Codable {
    /// Which photos were held out.
    public enum Split: String, Hashable, Sendable, Codable {
        /// The last fifth, by time.
        case lastFifth
        /// Every fifth of 25 stretches of time: the last fifth was nearly all of one kind.
        case everyFifthStretch
        /// A random fifth of either kind, by moments: so were the stretches.
        case fifthOfEither
    }

    public enum Verdict: String, Hashable, Sendable, Codable {
        /// It judges photos it never saw better than the majority guess, and not by luck.
        case learnt
        /// It does not, or only as well as luck may.
        case learntNothing
    }

    public let keepCount: Int
    public let discardCount: Int
    /// The number of moments in the labelled photos: a moment's are never on both sides.
    public let momentCount: Int
    public let split: Split
    /// Of the held-out fifth, judged by learning from the other four.
    public let heldOut: KeepFigures
    /// Of the four fifths: each judged by learning from the others.
    public let crossValidated: KeepFigures
    /// How often guessing would be as good on the held-out fifth; 0...1.
    public let heldOutLuck: Double
    /// The same among the four fifths. They chose the settings, so it flatters.
    public let crossValidatedLuck: Double
    public let verdict: Verdict
    /// What judges the photos: names of groups of columns.
    public let topics: [String]
    public let bands: KeepBands

    public var labelCount: Int { keepCount + discardCount }
}

/// From which probability a photo is kept, and up to which it is discarded; between, a person must
/// look.
public struct KeepBands: Hashable, Sendable, Codable {
    public enum Band: String, Hashable, Sendable, Codable, CaseIterable {
        case keep, look, discard
    }

    /// Photos at least this likely to be kept are kept; 0...1, and above 1 for none.
    public let keepFrom: Double
    /// Photos at most this likely to be kept are discarded; 0...1, and below 0 for none.
    public let discardUpTo: Double
}

extension KeepBands {
    /// A band must be right at least this often, as a fraction of its labelled photos. With one
    /// label in twenty wrong, no more can be asked, and the user looks through the bin anyway.
    static let leastRight = 0.85
    /// With fewer labelled photos in a band nobody knows how often it is right.
    static let leastCount = 5

    /// The widest bands that are right often enough, from odds of 7 to 3 on.
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
