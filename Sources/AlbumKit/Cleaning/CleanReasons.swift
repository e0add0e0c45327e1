internal import FaceCore
internal import SystemPackage

/// Why a photo is moved or stays; the text follows its name.
enum CleanReasons {
    static let keptByYou = "is kept by you"
    static let sortedOutByYou = "is sorted out by you"

    /// - Returns: `nil` when nothing was chosen.
    static func chosen(_ choice: Choice.Verdict) -> String? {
        switch choice {
        case .keep: keptByYou
        case .discard: sortedOutByYou
        case .none: nil
        }
    }

    /// What is said of the photo that stays because the best of its group was sorted out.
    static let nextBest = "is kept: the best of those that you did not sort out"

    /// What is said of a photo that goes though the best of its group was sorted out.
    static func like(_ sortedOut: FilePath?, staying: FilePath?) -> String {
        let names = [sortedOut, staying].map { $0.map { "'\($0.string)'" } ?? "another" }
        return "is like \(names[0]), which you sorted out; \(names[1]) stays"
    }

    static func exactCopy(of kept: FilePath?) -> String {
        kept.map { "has the same bytes as '\($0.string)'" } ?? "has the same bytes as another file"
    }

    /// What is said of a photo that is not the best of its group.
    static func sentence(_ member: DuplicateGroup.Member, best: FilePath) -> String {
        let name = "'\(best.string)'"
        let what =
            switch member.relation {
            case .recompressed, nil: "is the same picture as \(name)"
            case .resized: "is the same picture as \(name) in another size"
            case .turned: "is the same picture as \(name), turned"
            case .cropped: "is the same picture as \(name) with other margins"
            case .burst: "is of one burst with \(name)"
            }
        return what + ", which \(better(member.reason))"
    }

    /// What is said of the best of a group.
    static func kept(_ best: DuplicateGroup.Member?) -> String {
        guard let best else { return "is kept: the name nearest to the top, then the shortest" }
        return best.reason == .same
            ? "is kept: no other is better" : "is kept: it \(better(best.reason))"
    }

    private static func better(_ reason: KeepingReason) -> String {
        switch reason {
        case .whole: "is not damaged"
        case .sharperFaces(let factor): "has faces \(times(Double(factor))) as sharp"
        case .moreFaces(let count): "shows \(counted(count, "face")) more"
        case .sharper(let factor): "is \(times(Double(factor))) as sharp"
        case .larger(let factor): "has \(times(factor)) the pixels"
        case .lessCompressed(let factor): "has \(times(factor)) the bytes for each pixel"
        case .moreOfCamera: "says more of when and with what it was taken"
        case .same: "is as good"
        }
    }

    private static func times(_ factor: Double) -> String {
        let tenths = Int((min(factor, 999) * 10).rounded())
        return tenths < 100
            ? "\(tenths / 10).\(tenths % 10) times" : "\(grouped(tenths / 10)) times"
    }

    static func blurred(_ score: SharpnessScore, limit: Float) -> String {
        let what = score.basis == .faces ? "shows blurred faces" : "is blurred"
        let radius = score.blurRadius.map { rounded($0) } ?? "?"
        if (score.blurRadius ?? 0) < limit, let factor = score.timesBlurrierThanBest {
            return "\(what): \(times(Double(factor))) as much as the best of its group"
        }
        return "\(what): a radius of \(radius) px, and \(rounded(limit)) is the limit"
    }

    static let noFaces = "shows no face that could be found"

    static func noKnown(faceCount: Int) -> String {
        faceCount == 0 ? noFaces : "shows nobody who is known"
    }
}
