// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "facesort",
    platforms: [.macOS(.v14)],
    targets: [
        .target(name: "FaceCore", swiftSettings: strict)
    ]
)
