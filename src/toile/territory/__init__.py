"""The territory: communes, EPCI, named perimeters, contours, maps and geocoding."""
