"""The science of running gait: pure functions on arrays and frozen records.

It imports numpy, scipy and itself: no files, no pictures, no pose model. Read it in the order of the data:
`landmarks` -> `cleaning` (`signals`, `swaps`) -> `contacts` -> `scene` -> `strides` -> `kinematics`, `angles`
-> `measures` (`catalogue`, `gradings`) -> `summary`; `view` puts them together for one clip.
"""
