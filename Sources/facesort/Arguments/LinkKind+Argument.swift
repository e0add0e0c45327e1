public import AlbumKit
public import ArgumentParser

extension LinkKind: ExpressibleByArgument {}
