// swift-tools-version: 6.2
// The fuzzer is a package of its own, because its code is compiled in another way. `Scripts/fuzz`
// puts it together in .build/fuzz with links to the sources; it cannot be built where it lies.
import PackageDescription

// Counts which branches an input takes, so that inputs which find new ones are kept.
let counted: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer"])]
let countedC: [CSetting] = [.unsafeFlags(["-O1", "-fsanitize=fuzzer-no-link"])]
let countedCXX: [CXXSetting] = [.unsafeFlags(["-O1", "-fsanitize=fuzzer-no-link"])]

let package = Package(
    name: "facesort",
    dependencies: [
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1")
    ],
    targets: [
        .systemLibrary(name: "CLibJPEG", pkgConfig: "libjpeg"),
        .systemLibrary(name: "CLibPNG", pkgConfig: "libpng"),
        .systemLibrary(name: "CLibHEIF", pkgConfig: "libheif"),
        .target(
            name: "CImageCodecs", dependencies: ["CLibJPEG", "CLibPNG", "CLibHEIF"],
            cSettings: countedC, cxxSettings: countedCXX, linkerSettings: [.linkedLibrary("z")]),
        .target(name: "FaceCore"),
        .target(
            name: "PhotoImaging",
            dependencies: [
                "FaceCore", "CImageCodecs",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: counted),
        .target(name: "TestSupport", dependencies: ["PhotoImaging"]),
        .target(name: "CFuzzer"),
        .executableTarget(
            name: "fuzz-photos", dependencies: ["CFuzzer", "PhotoImaging", "TestSupport"]),
    ],
    cxxLanguageStandard: .cxx17
)
