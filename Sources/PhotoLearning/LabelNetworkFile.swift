public import SystemPackage

/// The file of the network that names what a photo shows: dlib's, not a part of facesort.
///
/// Everything else works without it.
public struct LabelNetworkFile: Hashable, Sendable {
    public static let name = "resnet34_1000_imagenet_classifier.dnn"
    /// Where dlib's author publishes it, compressed; about 80 MB.
    public static let address = "http://dlib.net/files/\(name).bz2"
    /// How to get it into a folder of model files, one sentence.
    public static let remedy =
        "Fetch \(address), decompress it with 'bunzip2', and put it into the folder of the models."

    public let path: FilePath

    /// The file in `folder`, existing or not.
    ///
    /// - Parameter folder: of the model files.
    public init(folder: FilePath) {
        path = folder.appending(Self.name)
    }
}
