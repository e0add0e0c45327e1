internal import FaceCore

/// What a photo is of, from its faces and their sizes alone.
public enum PhotoKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// One person, near enough to the camera.
    case portrait
    /// Two.
    case pair
    /// Three to eight.
    case group
    /// Nine or more.
    case crowd
    /// No person, or only somebody far away.
    case scene

    /// This many faces are a crowd, however small they are: in a crowd faces are small.
    static let crowdSize = 9
    /// Height of a face, as a fraction of the photo's shorter side, from which one person alone is
    /// a portrait. Somebody who stands upright and fills the photo has 0.09; less is a figure in a
    /// landscape.
    static let portraitHeight = 0.08
    /// Height of a face, as a fraction of the photo's shorter side, below which it does not count:
    /// 80 pixels of 4000, a passer-by.
    static let tinyHeight = 0.02
    /// Height of a face, as a fraction of that of the largest, below which it is background: five
    /// times as far away as the one in front.
    static let backgroundHeight = 0.2

    /// - Parameters:
    ///   - faces: where they are, those left out that a person ignores.
    ///   - width, height: of the upright photo, in any unit.
    init(faces: [FaceBox], width: Int, height: Int) {
        guard faces.count < Self.crowdSize else {
            self = .crowd
            return
        }
        let scale = Double(height) / Double(max(1, min(width, height)))
        let heights = faces.map { $0.height * scale }
        let largest = heights.max() ?? 0
        let count = heights.count {
            $0 >= Self.tinyHeight && $0 >= largest * Self.backgroundHeight
        }
        self =
            switch count {
            case 0: .scene
            case 1: largest >= Self.portraitHeight ? .portrait : .scene
            case 2: .pair
            default: .group
            }
    }
}
