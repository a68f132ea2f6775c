"""Tests of the science; assertions of the shared helpers explain themselves like those of the tests."""

import pytest

pytest.register_assert_rewrite("tests.science.helpers")
