package import FaceCore

/// The facts about a photo that somebody may want to keep.
package struct KeepPhoto: Sendable {
    package let photo: CleanablePhoto
    /// Photos without a date are ordered by it: the path as the user knows it.
    package let name: String
    /// How many people in it have a name.
    package let knownCount: Int
    /// The pretrained network's ``KeepFeatures/networkCount`` numbers for it; `nil` without its
    /// model file.
    package let network: [Float]?

    package init(
        photo: CleanablePhoto, name: String, knownCount: Int, network: [Float]? = nil
    ) {
        self.photo = photo
        self.name = name
        self.knownCount = knownCount
        self.network = network
    }
}
