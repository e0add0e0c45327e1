public import PhotoIndex
public import PhotoLearning
public import SystemPackage

/// What learning came to; see ``/PhotoLearning/KeepReport``.
public typealias KeepReport = PhotoLearning.KeepReport
/// How well photos were judged; see ``/PhotoLearning/KeepFigures``.
public typealias KeepFigures = PhotoLearning.KeepFigures
/// What becomes of photos by how likely they are to be kept; see ``/PhotoLearning/KeepBands``.
public typealias KeepBands = PhotoLearning.KeepBands

/// What `keep` is asked to learn from, or to judge.
public struct KeepRequest: Sendable {
    /// The photos, and the people or the album that knows them.
    public var study: SurveyRequest
    /// The bin: missing, empty, or a bin that facesort made; it may lie among the photos. What was
    /// chosen and learnt is kept in it.
    public var bin: FilePath
    /// For ``KeepApplier`` and ``KeepReview``: what happens to the files beside photos that go.
    public var sidecars = SidecarRule.move
    /// For ``KeepApplier``: whether files are moved; else they are only named.
    public var applies = false

    public init(study: SurveyRequest, bin: FilePath) {
        self.study = study
        self.bin = bin
    }
}

/// Two folders into which somebody has sorted photos: those to keep, and the others.
public struct LabelFolders: Hashable, Sendable {
    public var keep: FilePath
    public var discard: FilePath

    public init(keep: FilePath, discard: FilePath) {
        self.keep = keep
        self.discard = discard
    }
}
