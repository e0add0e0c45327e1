public import AlbumKit
public import ArgumentParser

extension SidecarRule: ExpressibleByArgument {}
