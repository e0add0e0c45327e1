package import FaceCore

/// What is known of a photo that somebody may want to keep.
package struct KeepPhoto: Sendable {
    package let photo: CleanablePhoto
    /// What photos without a date are ordered by: the path as the user knows it.
    package let name: String
    /// How many people in it have a name.
    package let knownCount: Int
    /// What the pretrained network makes of it; ``KeepFeatures/networkCount`` numbers, or `nil`
    /// when its model file is not there.
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
