"""Files of other programs, one module a format: TRC, MOT, C3D, OpenPose JSON, NetCDF, and tables for pandas.

The packages that some of them need come with the extra `formats` and are loaded when a file is written or read.
"""
