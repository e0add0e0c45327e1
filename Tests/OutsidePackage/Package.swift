// swift-tools-version: 6.2
// A program that is no part of facesort and depends on a version of it, as any other package may.
// `Scripts/outside-package` puts it beside a clone with a tag; it cannot be built where it lies.
import PackageDescription

let package = Package(
    name: "outside",
    dependencies: [
        .package(url: "file://\(Context.packageDirectory)/../facesort", exact: "0.0.1"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .executableTarget(
            name: "sort-event",
            dependencies: [
                .product(name: "AlbumKit", package: "facesort"),
                .product(name: "SystemPackage", package: "swift-system"),
            ])
    ]
)
