public import SystemPackage

/// The file of the network that names what a photo shows: dlib's, not a part of facesort.
///
/// Everything else works without it.
public struct LabelNetworkFile: Hashable, Sendable {
    public static let name = "resnet34_1000_imagenet_classifier.dnn"
    /// Where dlib's author publishes it, compressed; about 80 MB.
    public static let address = "http://dlib.net/files/\(name).bz2"

    public let path: FilePath

    /// The file in `folder`, existing or not.
    ///
    /// - Parameter folder: of the model files.
    public init(folder: FilePath) {
        path = folder.appending(Self.name)
    }
}
